WITH
{ends},
{whole},
{kept_span},
    toDate(fromUnixTimestamp64Milli(2 * {from_at:Int64} - {until_at:Int64} + 7200000, 'UTC'), {zone:String}) AS earlier_day,
    fromUnixTimestamp64Milli(greatest(2 * {from_at:Int64} - {until_at:Int64}, {closed_at:Int64}), 'UTC') AS earlier_tail
SELECT store_id, orders_in AS orders, counted.members AS members, value_in AS value_minor,
       if(orders = 0, 0, intDiv(value_minor, orders)) AS basket_minor, value_before AS value_before_minor,
       if(value_before_minor = 0, NULL, intDiv((value_minor - value_before_minor) * 10000, value_before_minor)) AS change_bp,
       refund_in AS refund_minor
FROM
(
    SELECT store_id,
           toInt64(sumIf(orders_of, day >= since_day)) AS orders_in, toInt64(sumIf(value_of, day >= since_day)) AS value_in,
           toInt64(sumIf(value_of, day < since_day)) AS value_before, toInt64(sumIf(refund_of, day >= since_day)) AS refund_in
    FROM
    (
        SELECT day, toString(closed_place_days.store_id) AS store_id, orders AS orders_of, value_minor AS value_of, refund_minor AS refund_of
        FROM closed_place_days
        WHERE run = {run:UInt64} AND channel = {channel:String} AND day >= earlier_day AND day <= last_day
        UNION ALL
        SELECT toDate(occurred_at, {zone:String}) AS local_day, toString(order_day_rows.store_id),
               toInt64(countIf(kind = 'PLACED')), sumIf(subtotal_minor, kind = 'PLACED'), sumIf(order_day_rows.refund_minor, kind = 'REFUNDED')
        FROM order_day_rows FINAL
        WHERE day >= toDate(earlier_tail) AND occurred_at >= earlier_tail AND occurred_at < before
          AND ({channel:String} = '' OR channel = {channel:String})
        GROUP BY local_day, order_day_rows.store_id
    )
    GROUP BY store_id
) AS sold
LEFT JOIN
(
    SELECT store_id, toInt64(uniqCombined64Merge(members_of)) AS members
    FROM
    (
{place_members}
    )
    GROUP BY store_id
) AS counted ON counted.store_id = sold.store_id
WHERE orders > 0 OR value_before_minor > 0
ORDER BY value_minor DESC, store_id
LIMIT {limit:UInt32}
