WITH
{ends},
    substring(trigger_id, position(trigger_id, 'journey:') + 8) AS name,
    splitByRegexp('[/#]', name)[1] AS journey_id,
    startsWith(trigger_id, 'journey:') AS is_taken
SELECT journey_id AS journey,
       trimLeft(substring(name, length(journey_id) + 1), '/') AS step,
       toInt64(sumIf(times_of, is_taken)) AS times,
       toInt64(uniqCombined64MergeIf(members_of, is_taken)) AS members,
       toInt64(sumIf(times_of, NOT is_taken)) AS withheld
FROM
(
{told_triggers}
)
WHERE match(trigger_id, '^(journey|withheld:journey|held-out:journey):')
GROUP BY journey, step
ORDER BY journey, members DESC, step
