    SELECT member_id,
           argMin(arm, (occurred_at, version)) AS arm_id,
           min(occurred_at) AS exposed_at
    FROM
    (
        SELECT member_id, version, occurred_at,
               splitByChar(':', trigger_id)[3] AS arm
        FROM trigger_day_rows
        WHERE startsWith(trigger_id, concat('experiment:', {experiment:String}, ':'))
          AND occurred_at < fromUnixTimestamp64Milli({until_at:Int64}, 'UTC')
    )
    GROUP BY member_id
