-- Every experiment that anybody was exposed to, by arm; a member counts where it was first.
SELECT experiment_id, arm_id, toInt64(count()) AS members,
       toUnixTimestamp64Milli(min(exposed_at)) AS first_at,
       toUnixTimestamp64Milli(max(exposed_at)) AS last_at
FROM
(
    SELECT splitByChar(':', trigger_id)[2] AS experiment_id, member_id,
           argMin(splitByChar(':', trigger_id)[3], (occurred_at, version)) AS arm_id,
           min(occurred_at) AS exposed_at
    FROM trigger_day_rows
    WHERE startsWith(trigger_id, 'experiment:')
    GROUP BY experiment_id, member_id
)
GROUP BY experiment_id, arm_id
ORDER BY experiment_id, arm_id
