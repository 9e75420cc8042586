INSERT INTO closed_refund_days
SELECT {run:UInt64}, member_id, toDate(occurred_at, {zone:String}) AS local_day,
       toInt64(countIf(kind = 'REFUNDED')), sumIf(refund_minor, kind = 'REFUNDED'), sumIf(subtotal_minor, kind = 'PLACED')
FROM orders
WHERE occurred_at >= fromUnixTimestamp64Milli({closed_at:Int64} - {kept_days:Int64} * 86400000, 'UTC')
  AND occurred_at < fromUnixTimestamp64Milli({closed_at:Int64}, 'UTC')
  AND member_id IN
  (
      SELECT member_id FROM order_day_rows
      WHERE kind = 'REFUNDED' AND day >= toDate(fromUnixTimestamp64Milli({closed_at:Int64}, 'UTC')) - {kept_days:Int64} - 1
  )
GROUP BY member_id, local_day
