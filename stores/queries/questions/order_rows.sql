-- The orders of a span, of one store or channel or of all, latest first. The days name the latest;
-- which row of an order counts, its rows say.
SELECT order_id, member_id, counts.1 AS store_id, counts.2 AS channel, toUnixTimestamp64Milli(counts.3) AS at, counts.4 AS value_minor
FROM
(
    -- Of rows of one order the one recorded first counts; without FINAL only these orders are read.
    SELECT member_id, order_id, argMax((order_rows.store_id, order_rows.channel, occurred_at, subtotal_minor), earliness) AS counts
    FROM order_rows
    WHERE kind = 'PLACED' AND (member_id, order_id) IN
    (
        SELECT member_id, order_id
        FROM order_day_rows
        WHERE kind = 'PLACED' AND ({store:String} = '' OR order_day_rows.store_id = {store:String})
          AND ({channel:String} = '' OR order_day_rows.channel = {channel:String})
          AND day >= toDate(fromUnixTimestamp64Milli({from_at:Int64}, 'UTC'))
          AND day <= toDate(fromUnixTimestamp64Milli({until_at:Int64}, 'UTC'))
          AND occurred_at >= fromUnixTimestamp64Milli({from_at:Int64}, 'UTC')
          AND occurred_at < fromUnixTimestamp64Milli({until_at:Int64}, 'UTC')
        ORDER BY occurred_at DESC, order_id, member_id
        LIMIT 1 BY order_id, member_id
        -- Some of them may count on an earlier day; each that is looked up costs a piece of the table.
        LIMIT {limit:UInt32} + 10
    )
    GROUP BY member_id, order_id
)
WHERE ({store:String} = '' OR store_id = {store:String}) AND ({channel:String} = '' OR channel = {channel:String})
  AND counts.3 >= fromUnixTimestamp64Milli({from_at:Int64}, 'UTC')
  AND counts.3 < fromUnixTimestamp64Milli({until_at:Int64}, 'UTC')
ORDER BY at DESC, order_id, member_id
LIMIT {limit:UInt32}
