INSERT INTO closed_segment_members
SELECT {run:UInt64}, segment, member_id, orders, value_minor, days_since, toInt64(r), toInt64(f), toInt64(m)
FROM
(
{closed_rfm}
)
ORDER BY segment, value_minor DESC, member_id
LIMIT 5000 BY segment
