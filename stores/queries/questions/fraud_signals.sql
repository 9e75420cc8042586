-- What deserves a look: many orders of a member on one local day, much of a member's
-- money given back, many points by hand, on one day many times the points of a usual day
-- (the median; of two in the middle the lower).
WITH
    fromUnixTimestamp64Milli({from_at:Int64}, 'UTC') AS since,
    fromUnixTimestamp64Milli({until_at:Int64}, 'UTC') AS before,
    (
        SELECT toInt64(quantileExactLow(0.5)(earned))
        FROM
        (
            SELECT sum(points) AS earned
            FROM ledger
            WHERE kind = 'EARN' AND wallet = {wallet:String} AND occurred_at >= since AND occurred_at < before
            GROUP BY member_id, toDate(occurred_at, {zone:String})
        )
    ) AS usual_day
SELECT signal, member_id, day, measured, usual_max
FROM
(
    SELECT 'orders-per-day' AS signal, member_id, toDate(occurred_at, {zone:String}) AS day,
           toInt64(count()) AS measured, toInt64({orders_max:UInt32}) AS usual_max
    FROM orders
    WHERE kind = 'PLACED' AND occurred_at >= since AND occurred_at < before
    GROUP BY member_id, day
    HAVING measured > usual_max
    UNION ALL
    SELECT 'points-per-day' AS signal, member_id, toDate(occurred_at, {zone:String}) AS day,
           sum(points) AS measured, usual_day * {earned_times:UInt32} AS usual_max
    FROM ledger
    WHERE kind = 'EARN' AND wallet = {wallet:String} AND occurred_at >= since AND occurred_at < before
    GROUP BY member_id, day
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
