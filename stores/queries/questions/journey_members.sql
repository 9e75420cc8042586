-- Members who took a step of a journey in a span, and why; latest first.
SELECT member_id, toUnixTimestamp64Milli(occurred_at) AS at, reason
FROM trigger_day_rows FINAL
WHERE trigger_id IN (concat('journey:', {journey:String}, '/', {step:String}),
                     concat('journey:', {journey:String}, {step:String}))
  AND day >= toDate(fromUnixTimestamp64Milli({from_at:Int64}, 'UTC'))
  AND day <= toDate(fromUnixTimestamp64Milli({until_at:Int64}, 'UTC'))
  AND occurred_at >= fromUnixTimestamp64Milli({from_at:Int64}, 'UTC')
  AND occurred_at < fromUnixTimestamp64Milli({until_at:Int64}, 'UTC')
ORDER BY at DESC, member_id
LIMIT {limit:UInt32}
