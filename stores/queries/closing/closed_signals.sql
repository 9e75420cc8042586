INSERT INTO closed_signals
SELECT {run:UInt64}, signal, wallet, local_day, member_id, measured
FROM
(
    SELECT 'points-per-day' AS signal, wallet, local_day, member_id, earned AS measured
    FROM
    (
{earned_of}
    )
    UNION ALL
    SELECT 'orders-per-day', '', toDate(occurred_at, {zone:String}) AS local_day, member_id, toInt64(count()) AS measured
    FROM orders
    WHERE kind = 'PLACED'
      AND (member_id, order_id) IN
      (
          SELECT member_id, order_id FROM order_day_rows
          WHERE kind = 'PLACED' AND day >= toDate({first_day:String}) - 1 AND day <= toDate({last_day:String}) + 1
            AND member_id IN
            (
                SELECT member_id FROM order_day_rows
                WHERE kind = 'PLACED' AND day >= toDate({first_day:String}) - 1 AND day <= toDate({last_day:String}) + 1
                GROUP BY member_id, toDate(occurred_at, {zone:String}) HAVING count() > 1
            )
      )
      AND local_day >= toDate({first_day:String}) AND local_day < toDate({last_day:String})
    GROUP BY local_day, member_id
    HAVING measured > 1
)
ORDER BY signal, wallet, local_day, measured DESC, member_id
LIMIT 50 BY signal, wallet, local_day
