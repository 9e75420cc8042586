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
    UNION ALL
    SELECT 'points-by-hand' AS signal, member_id, toDate(max(occurred_at), {zone:String}) AS day,
           sum(points) AS measured, toInt64({adjusted_max:UInt32}) AS usual_max
    FROM (SELECT * EXCEPT day FROM ledger_day_rows FINAL WHERE kind = 'ADJUST' AND day >= toDate(since) AND day <= toDate(before))
    WHERE points > 0 AND occurred_at >= since AND occurred_at < before
    GROUP BY member_id
    HAVING measured > usual_max
