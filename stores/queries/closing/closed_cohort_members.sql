INSERT INTO closed_cohort_members
SELECT {run:UInt64}, toStartOfMonth(toDate(first_at, {zone:String})) AS cohort, member_id, first_at, last_at, orders, value_minor
FROM closed_members
WHERE run = {run:UInt64}
ORDER BY cohort, value_minor DESC, member_id
LIMIT 5000 BY cohort
