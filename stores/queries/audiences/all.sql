-- Members who are not part of another one.
SELECT member_id FROM ({everybody})
