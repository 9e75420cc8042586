INSERT INTO closed_members
SELECT {run:UInt64}, member_id, min(occurred_at), max(occurred_at), toInt64(count()), sum(subtotal_minor),
       toInt64(countIf(occurred_at >= fromUnixTimestamp64Milli({closed_at:Int64} - 365 * 86400000, 'UTC'))),
       sumIf(subtotal_minor, occurred_at >= fromUnixTimestamp64Milli({closed_at:Int64} - 365 * 86400000, 'UTC')),
       groupUniqArray(toStartOfMonth(toDate(occurred_at, {zone:String})))
FROM orders
WHERE kind = 'PLACED' AND occurred_at < fromUnixTimestamp64Milli({closed_at:Int64}, 'UTC')
GROUP BY member_id
SETTINGS optimize_aggregation_in_order = 1
