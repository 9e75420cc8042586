-- How often members took each step of each journey in a span, how many they were, and
-- what was withheld of its message. `#entered`, `#finished`, `#exited` are no steps.
WITH
    substring(trigger_id, position(trigger_id, 'journey:') + 8) AS name,
    splitByRegexp('[/#]', name)[1] AS journey_id,
    startsWith(trigger_id, 'journey:') AS is_taken
SELECT journey_id AS journey,
       trimLeft(substring(name, length(journey_id) + 1), '/') AS step,
       toInt64(countIf(is_taken)) AS times,
       toInt64(uniqExactIf(member_id, is_taken)) AS members,
       toInt64(countIf(NOT is_taken)) AS withheld
FROM trigger_events
WHERE match(trigger_id, '^(journey|withheld:journey|held-out:journey):')
  AND occurred_at >= fromUnixTimestamp64Milli({from_at:Int64}, 'UTC')
  AND occurred_at < fromUnixTimestamp64Milli({until_at:Int64}, 'UTC')
GROUP BY journey, step
ORDER BY journey, members DESC, step
