    -- A span may begin an hour beside midnight when clocks changed on its way.
    toDate(fromUnixTimestamp64Milli({from_at:Int64} + 7200000, 'UTC'), {zone:String}) AS since_day,
    toDate(fromUnixTimestamp64Milli({until_at:Int64} + 7200000, 'UTC'), {zone:String}) - 1 AS last_day,
    fromUnixTimestamp64Milli(greatest({from_at:Int64}, {closed_at:Int64}), 'UTC') AS tail,
    fromUnixTimestamp64Milli({until_at:Int64}, 'UTC') AS before
