SELECT member_id, orders, value_minor, days_since, recency, frequency, money
FROM closed_segment_members
WHERE run = {run:UInt64} AND segment = {segment:String}
ORDER BY value_minor DESC, member_id
LIMIT {limit:UInt32}
