-- The changes behind tier_changes.sql, latest first.
SELECT member_id, toUnixTimestamp64Milli(occurred_at) AS at, tier_before, tier_after, why
FROM decision_day_rows FINAL
WHERE what = 'tier' AND tier_before = {tier_before:String} AND tier_after = {tier_after:String}
  AND day >= toDate(fromUnixTimestamp64Milli({from_at:Int64}, 'UTC'))
  AND day <= toDate(fromUnixTimestamp64Milli({until_at:Int64}, 'UTC'))
  AND occurred_at >= fromUnixTimestamp64Milli({from_at:Int64}, 'UTC')
  AND occurred_at < fromUnixTimestamp64Milli({until_at:Int64}, 'UTC')
ORDER BY at DESC, member_id, version DESC
LIMIT {limit:UInt32}
