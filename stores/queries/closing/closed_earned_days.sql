INSERT INTO closed_earned_days
SELECT {run:UInt64}, wallet, local_day, earned, count()
FROM
(
{earned_of}
)
GROUP BY wallet, local_day, earned
