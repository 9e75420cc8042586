-- Members whose first order fell in a local month, with when they last ordered.
SELECT member_id, toUnixTimestamp64Milli(min(occurred_at)) AS first_at,
       toUnixTimestamp64Milli(max(occurred_at)) AS last_at,
       toInt64(count()) AS orders, sum(subtotal_minor) AS value_minor
FROM orders
WHERE kind = 'PLACED'
GROUP BY member_id
HAVING toStartOfMonth(toDate(min(occurred_at), {zone:String})) = toStartOfMonth(toDate({day:String}))
ORDER BY value_minor DESC, member_id
LIMIT {limit:UInt32}
