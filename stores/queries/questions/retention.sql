-- Of the members whose first order fell in a local month, how many ordered again in
-- each month since; month 0 is the first one, and holds everybody.
WITH
    firsts AS
    (
        SELECT member_id, toStartOfMonth(toDate(min(occurred_at), {zone:String})) AS cohort
        FROM orders WHERE kind = 'PLACED' GROUP BY member_id
    ),
    sizes AS (SELECT cohort, toInt64(count()) AS size FROM firsts GROUP BY cohort)
SELECT active.cohort AS cohort, sizes.size AS size, months_since, members, intDiv(members * 10000, size) AS share_bp
FROM
(
    SELECT cohort,
           toInt64(dateDiff('month', cohort, toStartOfMonth(toDate(occurred_at, {zone:String})))) AS months_since,
           toInt64(uniqExact(member_id)) AS members
    FROM orders INNER JOIN firsts USING member_id
    WHERE kind = 'PLACED'
    GROUP BY cohort, months_since
) AS active
INNER JOIN sizes ON sizes.cohort = active.cohort
WHERE active.cohort > addMonths(toStartOfMonth(toDate(fromUnixTimestamp64Milli({until_at:Int64}, 'UTC'), {zone:String})), -24)
ORDER BY cohort, months_since
