-- Members who rose and who fell, by local week (its Monday); `tiers` are in order.
SELECT toMonday(toDate(occurred_at, {zone:String})) AS week,
       toInt64(countIf(indexOf({tiers:Array(String)}, tier_after) > indexOf({tiers:Array(String)}, tier_before))) AS rose,
       toInt64(countIf(indexOf({tiers:Array(String)}, tier_after) < indexOf({tiers:Array(String)}, tier_before))) AS fell
FROM decisions
WHERE tier_after != '' AND tier_before != '' AND tier_before != tier_after
  AND occurred_at >= fromUnixTimestamp64Milli({from_at:Int64}, 'UTC')
  AND occurred_at < fromUnixTimestamp64Milli({until_at:Int64}, 'UTC')
GROUP BY week
ORDER BY week
