WITH
{ends}
SELECT trigger_id, toMonday(local_day) AS week,
       toInt64(sum(times_of)) AS fired, toInt64(uniqCombined64Merge(members_of)) AS members
FROM
(
{told_triggers}
)
WHERE NOT match(trigger_id, '^(journey|experiment|held|withheld|held-out):')
GROUP BY trigger_id, week
ORDER BY trigger_id, week
