-- What happened on each local day of a span; a day on which nothing did has a row too.
-- A redemption is a command that used points; stamp cards that fill up are none.
WITH
    fromUnixTimestamp64Milli({from_at:Int64}, 'UTC') AS since,
    fromUnixTimestamp64Milli({until_at:Int64}, 'UTC') AS before
SELECT day,
       toInt64(sum(orders_of)) AS orders,
       toInt64(sum(value_of)) AS value_minor,
       toInt64(sum(earned_of)) AS points_earned,
       toInt64(sum(used_of)) AS points_used,
       toInt64(sum(expired_of)) AS points_expired,
       toInt64(sum(offers_of)) AS offers_granted,
       toInt64(sum(redemptions_of)) AS redemptions,
       toInt64(sum(triggers_of)) AS triggers_fired
FROM
(
    SELECT toDate(occurred_at, {zone:String}) AS day,
           toInt64(count()) AS orders_of, sum(subtotal_minor) AS value_of,
           toInt64(0) AS earned_of, toInt64(0) AS used_of, toInt64(0) AS expired_of,
           toInt64(0) AS offers_of, toInt64(0) AS redemptions_of, toInt64(0) AS triggers_of
    FROM orders
    WHERE kind = 'PLACED' AND occurred_at >= since AND occurred_at < before
    GROUP BY day
    UNION ALL
    SELECT toDate(occurred_at, {zone:String}) AS day, 0, 0,
           sumIf(points, kind = 'EARN'), -sumIf(points, kind = 'BURN'), -sumIf(points, kind = 'EXPIRE'),
           0, 0, 0
    FROM ledger
    WHERE wallet = {wallet:String} AND occurred_at >= since AND occurred_at < before
    GROUP BY day
    UNION ALL
    SELECT toDate(occurred_at, {zone:String}) AS day, 0, 0, 0, 0, 0, toInt64(count()), 0, 0
    FROM offer_events
    WHERE kind = 'GRANTED' AND occurred_at >= since AND occurred_at < before
    GROUP BY day
    UNION ALL
    SELECT toDate(occurred_at, {zone:String}) AS day, 0, 0, 0, 0, 0, 0, toInt64(count()), 0
    FROM decisions
    WHERE event_kind IN ('points.redeem', 'points.confirm') AND refusal = ''
      AND occurred_at >= since AND occurred_at < before
    GROUP BY day
    UNION ALL
    SELECT toDate(occurred_at, {zone:String}) AS day, 0, 0, 0, 0, 0, 0, 0, toInt64(count())
    FROM trigger_events
    WHERE NOT match(trigger_id, '^(journey|experiment|held|withheld|held-out):')
      AND occurred_at >= since AND occurred_at < before
    GROUP BY day
)
GROUP BY day
ORDER BY day WITH FILL
    FROM toDate(fromUnixTimestamp64Milli({from_at:Int64}, 'UTC'), {zone:String})
    TO toDate(fromUnixTimestamp64Milli({until_at:Int64} - 1, 'UTC'), {zone:String}) + 1
