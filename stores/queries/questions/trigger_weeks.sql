-- How often each trigger fired, by local week (its Monday). Steps of journeys and
-- what became of messages, and who came into an experiment, are told beside them, and are none.
SELECT trigger_id, toMonday(toDate(occurred_at, {zone:String})) AS week,
       toInt64(count()) AS fired, toInt64(uniqExact(member_id)) AS members
FROM trigger_events
WHERE NOT match(trigger_id, '^(journey|experiment|held|withheld|held-out):')
  AND occurred_at >= fromUnixTimestamp64Milli({from_at:Int64}, 'UTC')
  AND occurred_at < fromUnixTimestamp64Milli({until_at:Int64}, 'UTC')
GROUP BY trigger_id, week
ORDER BY trigger_id, week
