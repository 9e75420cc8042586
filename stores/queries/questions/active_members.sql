-- Members with an order in a span, and in the span of the same length before it.
WITH
    fromUnixTimestamp64Milli({from_at:Int64}, 'UTC') AS since,
    fromUnixTimestamp64Milli({until_at:Int64}, 'UTC') AS before,
    fromUnixTimestamp64Milli(2 * {from_at:Int64} - {until_at:Int64}, 'UTC') AS earlier
SELECT toInt64(uniqExactIf(member_id, occurred_at >= since)) AS members,
       toInt64(uniqExactIf(member_id, occurred_at < since)) AS members_before
FROM orders
WHERE kind = 'PLACED' AND occurred_at >= earlier AND occurred_at < before
