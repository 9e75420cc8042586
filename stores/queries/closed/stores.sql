WITH
{ends},
    toDate(fromUnixTimestamp64Milli(2 * {from_at:Int64} - {until_at:Int64} + 7200000, 'UTC'), {zone:String}) AS earlier_day,
    fromUnixTimestamp64Milli(greatest(2 * {from_at:Int64} - {until_at:Int64}, {closed_at:Int64}), 'UTC') AS earlier_tail
SELECT store_id,
       toInt64(sumIf(orders_of, day >= since_day)) AS orders,
       toInt64(uniqCombined64MergeIf(members_of, day >= since_day)) AS members,
       toInt64(sumIf(value_of, day >= since_day)) AS value_minor,
       if(orders = 0, 0, intDiv(value_minor, orders)) AS basket_minor,
       toInt64(sumIf(value_of, day < since_day)) AS value_before_minor,
       if(value_before_minor = 0, NULL, intDiv((value_minor - value_before_minor) * 10000, value_before_minor)) AS change_bp,
       toInt64(sumIf(refund_of, day >= since_day)) AS refund_minor
FROM
(
    SELECT day, store_id, orders AS orders_of, value_minor AS value_of, refund_minor AS refund_of, members AS members_of
    FROM closed_store_days
    WHERE run = {run:UInt64} AND day >= earlier_day AND day <= last_day
    UNION ALL
    SELECT toDate(occurred_at, {zone:String}) AS local_day, store_id,
           toInt64(countIf(kind = 'PLACED')), sumIf(subtotal_minor, kind = 'PLACED'), sumIf(order_day_rows.refund_minor, kind = 'REFUNDED'),
           uniqCombined64StateIf(member_id, kind = 'PLACED')
    FROM order_day_rows FINAL
    WHERE day >= toDate(earlier_tail) AND occurred_at >= earlier_tail AND occurred_at < before
    GROUP BY local_day, store_id
)
GROUP BY store_id
HAVING orders > 0 OR value_before_minor > 0
ORDER BY value_minor DESC, store_id
LIMIT {limit:UInt32}
