    SELECT day, toString(closed_place_days.store_id) AS store_id, orders AS orders_of, value_minor AS value_of, refund_minor AS refund_of
    FROM closed_place_days
    WHERE run = {run:UInt64} AND channel = {channel:String} AND day >= since_day AND day <= last_day
    UNION ALL
    SELECT toDate(occurred_at, {zone:String}) AS local_day, toString(order_day_rows.store_id) AS store_id,
           toInt64(countIf(kind = 'PLACED')), sumIf(subtotal_minor, kind = 'PLACED'), sumIf(order_day_rows.refund_minor, kind = 'REFUNDED')
    FROM order_day_rows FINAL
    WHERE day >= toDate(tail) AND occurred_at >= tail AND occurred_at < before
      AND ({channel:String} = '' OR channel = {channel:String})
    GROUP BY local_day, store_id
