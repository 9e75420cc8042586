    SELECT 'points-by-hand' AS signal, member_id, toDate(max(occurred_at), {zone:String}) AS day,
           sum(points) AS measured, toInt64({adjusted_max:UInt32}) AS usual_max
    FROM (SELECT * EXCEPT day FROM ledger_day_rows FINAL WHERE kind = 'ADJUST' AND day >= toDate(since) AND day <= toDate(before))
    WHERE points > 0 AND occurred_at >= since AND occurred_at < before
    GROUP BY member_id
    HAVING measured > usual_max
