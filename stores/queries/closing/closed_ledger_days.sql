INSERT INTO closed_ledger_days
SELECT {run:UInt64}, toDate(occurred_at, {zone:String}) AS local_day, wallet, kind, sum(points)
FROM ledger_day_rows FINAL
WHERE occurred_at < fromUnixTimestamp64Milli({closed_at:Int64}, 'UTC')
GROUP BY local_day, wallet, kind
