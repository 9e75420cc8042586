-- Members of one segment by recency, frequency and money; see segments.sql.
SELECT member_id FROM ({everybody})
WHERE member_id IN (SELECT member_id FROM ({member_rfm}) WHERE segment = {name:String})
