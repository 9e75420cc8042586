WITH
{ends},
    -- Of the days of the span only the latest that hold enough are read.
    (
        SELECT min(day)
        FROM
        (
            SELECT day, sum(orders_of) OVER (ORDER BY day DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS newer
            FROM
            (
                SELECT day, sum(orders) AS orders_of FROM closed_store_days
                WHERE run = {run:UInt64} AND ({store:String} = '' OR store_id = {store:String}) AND day >= since_day AND day <= last_day
                GROUP BY day
            )
        )
        WHERE newer < {limit:UInt32}
    ) AS enough_day
SELECT order_id, member_id, store_id, channel, toUnixTimestamp64Milli(occurred_at) AS at, subtotal_minor AS value_minor
FROM orders
WHERE kind = 'PLACED' AND ({store:String} = '' OR store_id = {store:String})
  AND occurred_at >= fromUnixTimestamp64Milli({from_at:Int64}, 'UTC') AND occurred_at < before
  AND (member_id, order_id) IN
  (
      SELECT member_id, order_id
      FROM order_day_rows
      WHERE kind = 'PLACED' AND ({store:String} = '' OR store_id = {store:String})
        -- Without a closed day in the span it is the first day of all.
        AND day >= greatest(toDate(fromUnixTimestamp64Milli({from_at:Int64}, 'UTC')), greatest(enough_day, toDate(1)) - 1)
        AND day <= toDate(before)
        AND occurred_at >= fromUnixTimestamp64Milli({from_at:Int64}, 'UTC') AND occurred_at < before
      ORDER BY occurred_at DESC, order_id, member_id
      LIMIT 1 BY order_id, member_id
      LIMIT {limit:UInt32}
  )
ORDER BY at DESC, order_id, member_id
LIMIT {limit:UInt32}
