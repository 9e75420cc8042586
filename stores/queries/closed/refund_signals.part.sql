    SELECT 'refund-share' AS signal, member_id, max(day) AS day,
           intDiv(sum(refund_of) * 10000, greatest(sum(value_of), 1)) AS measured,
           toInt64({refund_share_max_bp:UInt32}) AS usual_max
    FROM
    (
        SELECT member_id, day, refunds AS refunds_of, refund_minor AS refund_of, value_minor AS value_of
        FROM closed_refund_days
        WHERE run = {run:UInt64} AND day >= since_day AND day <= last_day AND member_id IN ({refunded})
        UNION ALL
        SELECT member_id, toDate(occurred_at, {zone:String}) AS local_day,
               toInt64(countIf(kind = 'REFUNDED')), sumIf(order_day_rows.refund_minor, kind = 'REFUNDED'), sumIf(subtotal_minor, kind = 'PLACED')
        FROM order_day_rows FINAL
        WHERE order_day_rows.day >= toDate(tail) AND occurred_at >= tail AND occurred_at < before AND member_id IN ({refunded})
        GROUP BY member_id, local_day
        UNION ALL
        -- Who gave back nothing before and twice since: all orders of these few.
        SELECT member_id, toDate(occurred_at, {zone:String}) AS local_day, 0, 0, sumIf(subtotal_minor, kind = 'PLACED')
        FROM orders
        WHERE occurred_at >= since AND occurred_at < tail AND member_id IN
        (
            SELECT member_id FROM order_day_rows
            WHERE kind = 'REFUNDED' AND day >= toDate(tail) AND occurred_at >= tail AND occurred_at < before
              AND member_id NOT IN (SELECT member_id FROM closed_refund_days WHERE run = {run:UInt64})
            GROUP BY member_id HAVING uniqExact(order_id, event_id) > 1
        )
        GROUP BY member_id, local_day
    )
    GROUP BY member_id
    HAVING sum(refunds_of) > 1 AND measured > usual_max
