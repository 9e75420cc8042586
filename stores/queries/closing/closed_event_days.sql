INSERT INTO closed_event_days
SELECT {run:UInt64}, what, name, toDate(occurred_at, {zone:String}) AS local_day, toInt64(count()), uniqCombined64State(member_id)
FROM
(
    SELECT 'offer' AS what, offer_id AS name, member_id, occurred_at FROM offer_day_rows FINAL WHERE kind = 'GRANTED'
    UNION ALL
    SELECT 'trigger', trigger_id, member_id, occurred_at FROM trigger_day_rows FINAL
    UNION ALL
    SELECT 'taken', '', member_id, occurred_at FROM decision_day_rows FINAL WHERE what = 'taken'
)
WHERE occurred_at < fromUnixTimestamp64Milli({closed_at:Int64}, 'UTC')
GROUP BY what, name, local_day
