SELECT member_id, toUnixTimestamp64Milli(first_at) AS first_at, toUnixTimestamp64Milli(last_at) AS last_at, orders, value_minor
FROM closed_cohort_members
WHERE run = {run:UInt64} AND cohort = toStartOfMonth(toDate({day:String}))
ORDER BY value_minor DESC, member_id
LIMIT {limit:UInt32}
