-- Members by tier, and the points that they hold.
SELECT tier, toInt64(count()) AS members, sum(balance) AS points
FROM members
GROUP BY tier
ORDER BY members DESC, tier
