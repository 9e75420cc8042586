    SELECT 'refund-share' AS signal, member_id, toDate(max(occurred_at), {zone:String}) AS day,
           intDiv(sumIf(refund_minor, kind = 'REFUNDED') * 10000, greatest(sumIf(subtotal_minor, kind = 'PLACED'), 1)) AS measured,
           toInt64({refund_share_max_bp:UInt32}) AS usual_max
    FROM orders
    WHERE occurred_at >= since AND occurred_at < before
      AND member_id IN
      (
          SELECT member_id FROM order_day_rows
          WHERE kind = 'REFUNDED' AND day >= toDate(since) AND day <= toDate(before)
          GROUP BY member_id HAVING uniqExact(order_id, event_id) > 1
      )
    GROUP BY member_id
    HAVING countIf(kind = 'REFUNDED') > 1 AND measured > usual_max
