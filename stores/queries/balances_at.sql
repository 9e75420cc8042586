SELECT wallet, sum(points) AS balance
FROM ledger
WHERE member_id = {member_id:String}
  AND occurred_at <= fromUnixTimestamp64Milli({at:Int64}, 'UTC')
GROUP BY wallet
ORDER BY wallet
