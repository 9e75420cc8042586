-- The orders of a span, of one store or of all, latest first. The days name the latest;
-- which row of an order counts, the orders say.
SELECT order_id, member_id, store_id, channel, toUnixTimestamp64Milli(occurred_at) AS at, subtotal_minor AS value_minor
FROM orders
WHERE kind = 'PLACED' AND ({store:String} = '' OR store_id = {store:String})
  AND occurred_at >= fromUnixTimestamp64Milli({from_at:Int64}, 'UTC')
  AND occurred_at < fromUnixTimestamp64Milli({until_at:Int64}, 'UTC')
  AND (member_id, order_id) IN
  (
      SELECT member_id, order_id
      FROM order_day_rows
      WHERE kind = 'PLACED' AND ({store:String} = '' OR store_id = {store:String})
        AND day >= toDate(fromUnixTimestamp64Milli({from_at:Int64}, 'UTC'))
        AND day <= toDate(fromUnixTimestamp64Milli({until_at:Int64}, 'UTC'))
        AND occurred_at >= fromUnixTimestamp64Milli({from_at:Int64}, 'UTC')
        AND occurred_at < fromUnixTimestamp64Milli({until_at:Int64}, 'UTC')
      ORDER BY occurred_at DESC, order_id, member_id
      LIMIT 1 BY order_id, member_id
      LIMIT {limit:UInt32}
  )
ORDER BY at DESC, order_id, member_id
LIMIT {limit:UInt32}
