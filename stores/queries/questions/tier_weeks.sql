-- Members who rose and who fell, by local week (its Monday); `tiers` are in order.
SELECT toMonday(toDate(occurred_at, {zone:String})) AS week,
       toInt64(countIf(indexOf({tiers:Array(String)}, tier_after) > indexOf({tiers:Array(String)}, tier_before))) AS rose,
       toInt64(countIf(indexOf({tiers:Array(String)}, tier_after) < indexOf({tiers:Array(String)}, tier_before))) AS fell
FROM decision_day_rows FINAL
WHERE what = 'tier'
  AND day >= toDate(fromUnixTimestamp64Milli({from_at:Int64}, 'UTC'))
  AND day <= toDate(fromUnixTimestamp64Milli({until_at:Int64}, 'UTC'))
  AND occurred_at >= fromUnixTimestamp64Milli({from_at:Int64}, 'UTC')
  AND occurred_at < fromUnixTimestamp64Milli({until_at:Int64}, 'UTC')
GROUP BY week
ORDER BY week
