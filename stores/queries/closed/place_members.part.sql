    SELECT toString(closed_place_spans.store_id) AS store_id, members AS members_of
    FROM closed_place_spans
    WHERE is_kept AND run = {run:UInt64} AND channel = {channel:String} AND first_day = since_day
    UNION ALL
    SELECT toString(closed_place_months.store_id), members
    FROM closed_place_months
    WHERE NOT is_kept AND run = {run:UInt64} AND channel = {channel:String} AND month >= since_day AND toLastDayOfMonth(month) <= last_closed_day
    UNION ALL
    SELECT toString(closed_place_days.store_id), members
    FROM closed_place_days
    WHERE NOT is_kept AND run = {run:UInt64} AND channel = {channel:String} AND day >= since_day AND day <= last_day
      AND NOT (toStartOfMonth(day) >= since_day AND toLastDayOfMonth(day) <= last_closed_day)
    UNION ALL
    SELECT toString(order_day_rows.store_id) AS store_id, uniqCombined64State(member_id)
    FROM order_day_rows FINAL
    WHERE kind = 'PLACED' AND day >= toDate(tail) AND occurred_at >= tail AND occurred_at < before
      AND ({channel:String} = '' OR channel = {channel:String})
    GROUP BY store_id
