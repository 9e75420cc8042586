-- Stores side by side in a span; the value of the span of the same length before it.
WITH
    fromUnixTimestamp64Milli({from_at:Int64}, 'UTC') AS since,
    fromUnixTimestamp64Milli({until_at:Int64}, 'UTC') AS before,
    fromUnixTimestamp64Milli(2 * {from_at:Int64} - {until_at:Int64}, 'UTC') AS earlier
SELECT store_id,
       toInt64(countIf(kind = 'PLACED' AND occurred_at >= since)) AS orders,
       toInt64(uniqExactIf(member_id, kind = 'PLACED' AND occurred_at >= since)) AS members,
       sumIf(subtotal_minor, kind = 'PLACED' AND occurred_at >= since) AS value_minor,
       if(orders = 0, 0, intDiv(value_minor, orders)) AS basket_minor,
       sumIf(subtotal_minor, kind = 'PLACED' AND occurred_at < since) AS value_before_minor,
       if(value_before_minor = 0, NULL, intDiv((value_minor - value_before_minor) * 10000, value_before_minor)) AS change_bp,
       sumIf(refund_minor, kind = 'REFUNDED' AND occurred_at >= since) AS refund_minor
FROM orders
WHERE occurred_at >= earlier AND occurred_at < before AND ({channel:String} = '' OR channel = {channel:String})
GROUP BY store_id
HAVING orders > 0 OR value_before_minor > 0
ORDER BY value_minor DESC, store_id
LIMIT {limit:UInt32}
