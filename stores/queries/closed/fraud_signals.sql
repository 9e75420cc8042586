WITH
{ends},
    fromUnixTimestamp64Milli({from_at:Int64}, 'UTC') AS since,
    (
        SELECT toInt64(quantileExactWeighted(0.5)(earned, members))
        FROM
        (
{earned_days}
        )
    ) AS usual_day
SELECT signal, member_id, day, measured, usual_max
FROM
(
    SELECT signal, member_id, day, measured,
           if(signal = 'orders-per-day', toInt64({orders_max:UInt32}), usual_day * {earned_times:UInt32}) AS usual_max
    FROM closed_signals
    WHERE run = {run:UInt64} AND wallet IN ('', {wallet:String}) AND day >= since_day AND day <= last_day AND measured > usual_max
    UNION ALL
    SELECT 'orders-per-day', member_id, toDate(occurred_at, {zone:String}) AS local_day,
           toInt64(count()) AS measured, toInt64({orders_max:UInt32}) AS usual_max
    FROM order_day_rows FINAL
    WHERE kind = 'PLACED' AND day >= toDate(tail) AND occurred_at >= tail AND occurred_at < before
    GROUP BY member_id, local_day
    HAVING measured > usual_max
    UNION ALL
    SELECT 'points-per-day', member_id, toDate(occurred_at, {zone:String}) AS local_day,
           sum(points) AS measured, usual_day * {earned_times:UInt32} AS usual_max
    FROM ledger_day_rows FINAL
    WHERE kind = 'EARN' AND wallet = {wallet:String} AND day >= toDate(tail) AND occurred_at >= tail AND occurred_at < before
    GROUP BY member_id, local_day
    HAVING measured > usual_max
    UNION ALL
{refund_signals}
    UNION ALL
{hand_signals}
)
WHERE
{ordered_there}
ORDER BY signal, measured DESC, day DESC, member_id
LIMIT 50 BY signal
LIMIT {limit:UInt32}
