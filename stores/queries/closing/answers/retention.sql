WITH
    toStartOfMonth(toDate(first_at, {zone:String})) AS cohort,
    sizes AS
    (
        SELECT toStartOfMonth(toDate(first_at, {zone:String})) AS of_cohort, toInt64(count()) AS size
        FROM closed_members WHERE run = {run:UInt64} GROUP BY of_cohort
    )
SELECT cohort, any(sizes.size) AS size, toInt64(dateDiff('month', cohort, month)) AS months_since,
       toInt64(count()) AS members, intDiv(members * 10000, size) AS share_bp
FROM closed_members
ARRAY JOIN months AS month
INNER JOIN sizes ON sizes.of_cohort = toStartOfMonth(toDate(closed_members.first_at, {zone:String}))
WHERE run = {run:UInt64}
  AND cohort > addMonths(toStartOfMonth(toDate(fromUnixTimestamp64Milli({closed_at:Int64}, 'UTC'), {zone:String})), -24)
GROUP BY cohort, months_since
ORDER BY cohort, months_since
