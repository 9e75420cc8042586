-- Members who reached an offer in a span, and why; latest first.
SELECT member_id, toUnixTimestamp64Milli(occurred_at) AS at, reason
FROM offer_day_rows FINAL
WHERE offer_id = {offer:String} AND kind = 'GRANTED'
  AND day >= toDate(fromUnixTimestamp64Milli({from_at:Int64}, 'UTC'))
  AND day <= toDate(fromUnixTimestamp64Milli({until_at:Int64}, 'UTC'))
  AND occurred_at >= fromUnixTimestamp64Milli({from_at:Int64}, 'UTC')
  AND occurred_at < fromUnixTimestamp64Milli({until_at:Int64}, 'UTC')
ORDER BY at DESC, member_id
LIMIT {limit:UInt32}
