INSERT INTO closed_store_days
SELECT {run:UInt64}, toDate(occurred_at, {zone:String}) AS day, store_id,
       toInt64(countIf(kind = 'PLACED')), sumIf(subtotal_minor, kind = 'PLACED'), sumIf(refund_minor, kind = 'REFUNDED'),
       minIf(occurred_at, kind = 'PLACED'), maxIf(occurred_at, kind = 'PLACED'),
       uniqCombined64StateIf(member_id, kind = 'PLACED')
FROM orders
WHERE occurred_at < fromUnixTimestamp64Milli({closed_at:Int64}, 'UTC')
GROUP BY day, store_id
