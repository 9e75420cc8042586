    -- Months of the span of which each day is closed: their members are counted already.
    least(last_day, toDate(fromUnixTimestamp64Milli({closed_at:Int64}, 'UTC'), {zone:String}) - 1) AS last_closed_day
