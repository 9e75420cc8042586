WITH
{ends}
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
    SELECT day, orders AS orders_of, value_minor AS value_of,
           toInt64(0) AS earned_of, toInt64(0) AS used_of, toInt64(0) AS expired_of,
           toInt64(0) AS offers_of, toInt64(0) AS redemptions_of, toInt64(0) AS triggers_of
    FROM closed_days
    WHERE run = {run:UInt64} AND day >= since_day AND day <= last_day
    UNION ALL
    SELECT toDate(occurred_at, {zone:String}) AS local_day, toInt64(count()), sum(subtotal_minor), 0, 0, 0, 0, 0, 0
    FROM order_day_rows FINAL
    WHERE kind = 'PLACED' AND day >= toDate(tail) AND occurred_at >= tail AND occurred_at < before
    GROUP BY local_day
    UNION ALL
    SELECT day, 0, 0, sumIf(points, kind = 'EARN'), -sumIf(points, kind = 'BURN'), -sumIf(points, kind = 'EXPIRE'), 0, 0, 0
    FROM closed_ledger_days
    WHERE run = {run:UInt64} AND wallet = {wallet:String} AND day >= since_day AND day <= last_day
    GROUP BY day
    UNION ALL
    SELECT toDate(occurred_at, {zone:String}) AS local_day, 0, 0,
           sumIf(points, kind = 'EARN'), -sumIf(points, kind = 'BURN'), -sumIf(points, kind = 'EXPIRE'), 0, 0, 0
    FROM ledger_day_rows FINAL
    WHERE wallet = {wallet:String} AND day >= toDate(tail) AND occurred_at >= tail AND occurred_at < before
    GROUP BY local_day
    UNION ALL
    SELECT day, 0, 0, 0, 0, 0, sumIf(times, what = 'offer'), sumIf(times, what = 'taken'),
           sumIf(times, what = 'trigger' AND NOT match(name, '^(journey|experiment|held|withheld|held-out):'))
    FROM closed_event_days
    WHERE run = {run:UInt64} AND day >= since_day AND day <= last_day
    GROUP BY day
    UNION ALL
    SELECT toDate(occurred_at, {zone:String}) AS local_day, 0, 0, 0, 0, 0, toInt64(count()), 0, 0
    FROM offer_day_rows FINAL
    WHERE kind = 'GRANTED' AND day >= toDate(tail) AND occurred_at >= tail AND occurred_at < before
    GROUP BY local_day
    UNION ALL
    SELECT toDate(occurred_at, {zone:String}) AS local_day, 0, 0, 0, 0, 0, 0, toInt64(count()), 0
    FROM decision_day_rows FINAL
    WHERE what = 'taken' AND day >= toDate(tail) AND occurred_at >= tail AND occurred_at < before
    GROUP BY local_day
    UNION ALL
    SELECT toDate(occurred_at, {zone:String}) AS local_day, 0, 0, 0, 0, 0, 0, 0, toInt64(count())
    FROM trigger_day_rows FINAL
    WHERE NOT match(trigger_id, '^(journey|experiment|held|withheld|held-out):')
      AND day >= toDate(tail) AND occurred_at >= tail AND occurred_at < before
    GROUP BY local_day
)
GROUP BY day
ORDER BY day WITH FILL
    FROM toDate(fromUnixTimestamp64Milli({from_at:Int64}, 'UTC'), {zone:String})
    TO toDate(fromUnixTimestamp64Milli({until_at:Int64} - 1, 'UTC'), {zone:String}) + 1
