-- Times as in ledger_page.sql.
SELECT wallet, sum(points) AS balance
FROM ledger
LEFT JOIN (
    SELECT version, occurred_at AS decided_at FROM decisions WHERE member_id = {member_id:String}
) AS decided USING version
WHERE member_id = {member_id:String}
  AND if(kind IN ('REVERSE', 'REINSTATE', 'CORRECT'), greatest(occurred_at, decided_at), occurred_at)
      <= fromUnixTimestamp64Milli({at:Int64}, 'UTC')
GROUP BY wallet
ORDER BY wallet
