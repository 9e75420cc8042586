INSERT INTO closed_place_days
SELECT {run:UInt64}, of_channel, toDate(occurred_at, {zone:String}) AS day, store_id,
       toInt64(countIf(kind = 'PLACED')), sumIf(subtotal_minor, kind = 'PLACED'), sumIf(refund_minor, kind = 'REFUNDED'),
       uniqCombined64StateIf(member_id, kind = 'PLACED')
FROM orders
ARRAY JOIN arrayDistinct(['', toString(channel)]) AS of_channel
WHERE toDate(occurred_at, {zone:String}) >= toDate({first_day:String})
      AND toDate(occurred_at, {zone:String}) < toDate({last_day:String})
GROUP BY of_channel, day, store_id
