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
                SELECT day, sum(orders) AS orders_of FROM closed_place_days
                WHERE run = {run:UInt64} AND channel = {channel:String} AND ({store:String} = '' OR store_id = {store:String}) AND day >= since_day AND day <= last_day
                GROUP BY day
            )
        )
        WHERE newer < {limit:UInt32} + 10
    ) AS enough_day
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
          -- Without a closed day in the span it is the first day of all.
          AND day >= greatest(toDate(fromUnixTimestamp64Milli({from_at:Int64}, 'UTC')), greatest(enough_day, toDate(1)) - 1)
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
