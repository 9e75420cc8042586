    SELECT day AS local_day, name AS trigger_id, times AS times_of, members AS members_of
    FROM closed_event_days
    WHERE run = {run:UInt64} AND what = 'trigger' AND day >= since_day AND day <= last_day
    UNION ALL
    SELECT toDate(occurred_at, {zone:String}) AS local_day, trigger_id, toInt64(count()), uniqCombined64State(member_id)
    FROM trigger_day_rows FINAL
    WHERE day >= toDate(tail) AND occurred_at >= tail AND occurred_at < before
    GROUP BY local_day, trigger_id
