SELECT toUnixTimestamp64Milli(minIf(first_at, orders_of > 0)) AS first_at, toUnixTimestamp64Milli(max(last_at)) AS last_at, toUInt64(sum(orders_of)) AS orders
FROM
(
    SELECT first_at, last_at, orders AS orders_of FROM closed_days WHERE run = {run:UInt64} AND orders > 0
    UNION ALL
    SELECT min(occurred_at), max(occurred_at), toInt64(count()) AS orders_of
    FROM order_day_rows FINAL
    WHERE kind = 'PLACED' AND day >= toDate(fromUnixTimestamp64Milli({closed_at:Int64}, 'UTC'))
      AND occurred_at >= fromUnixTimestamp64Milli({closed_at:Int64}, 'UTC')
    HAVING orders_of > 0
)
