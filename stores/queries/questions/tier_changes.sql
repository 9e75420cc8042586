-- Members who changed tier in a span, by where from and where to.
SELECT tier_before, tier_after, toInt64(count()) AS changes, toInt64(uniqExact(member_id)) AS members
FROM decision_day_rows FINAL
WHERE what = 'tier'
  AND day >= toDate(fromUnixTimestamp64Milli({from_at:Int64}, 'UTC'))
  AND day <= toDate(fromUnixTimestamp64Milli({until_at:Int64}, 'UTC'))
  AND occurred_at >= fromUnixTimestamp64Milli({from_at:Int64}, 'UTC')
  AND occurred_at < fromUnixTimestamp64Milli({until_at:Int64}, 'UTC')
GROUP BY tier_before, tier_after
ORDER BY changes DESC, tier_before, tier_after
