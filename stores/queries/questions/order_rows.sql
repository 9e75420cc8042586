-- The orders of a span, of one store or of all, latest first.
SELECT order_id, member_id, store_id, channel, toUnixTimestamp64Milli(occurred_at) AS at, subtotal_minor AS value_minor
FROM orders
WHERE kind = 'PLACED' AND ({store:String} = '' OR store_id = {store:String})
  AND occurred_at >= fromUnixTimestamp64Milli({from_at:Int64}, 'UTC')
  AND occurred_at < fromUnixTimestamp64Milli({until_at:Int64}, 'UTC')
ORDER BY at DESC, order_id, member_id
LIMIT {limit:UInt32}
