SELECT tier, count() AS members FROM members GROUP BY tier ORDER BY members DESC, tier
