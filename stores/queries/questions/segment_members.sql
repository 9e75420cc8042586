-- Members of one segment, the most valuable first; see segments.sql.
SELECT member_id, orders, value_minor, days_since, toInt64(r) AS recency, toInt64(f) AS frequency, toInt64(m) AS money
FROM ({member_rfm})
WHERE segment = {segment:String}
ORDER BY value_minor DESC, member_id
LIMIT {limit:UInt32}
