-- Members whose ids stand on an uploaded list.
SELECT member_id FROM ({everybody})
WHERE member_id IN (SELECT member_id FROM campaign_members WHERE audience = {name:String})
