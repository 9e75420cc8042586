-- Members of one tier.
SELECT member_id FROM ({everybody})
WHERE member_id IN (SELECT member_id FROM members WHERE tier = {name:String})
