    SELECT member_id FROM members WHERE JSONExtractString(view, 'merged_into') = ''
