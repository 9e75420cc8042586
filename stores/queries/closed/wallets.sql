WITH fromUnixTimestamp64Milli({closed_at:Int64}, 'UTC') AS tail
SELECT wallet,
       toInt64(sum(points_of)) AS outstanding,
       any(held.members_of) AS members,
       sumIf(points_of, kind = 'EARN') AS earned,
       -sumIf(points_of, kind = 'BURN') AS used,
       -sumIf(points_of, kind = 'EXPIRE') AS expired,
       if(used + expired = 0, 0, intDiv(expired * 10000, used + expired)) AS breakage_bp
FROM
(
    SELECT wallet, kind, points AS points_of FROM closed_ledger_days WHERE run = {run:UInt64}
    UNION ALL
    SELECT wallet, kind, sum(points) FROM ledger_day_rows FINAL
    WHERE day >= toDate(tail) AND occurred_at >= tail
    GROUP BY wallet, kind
) AS moved
LEFT JOIN
(
    SELECT JSONExtractString(line, 1) AS of_wallet, JSONExtractInt(line, 2) AS members_of
    FROM closed_answers WHERE run = {run:UInt64} AND question = 'wallet_members'
) AS held ON held.of_wallet = moved.wallet
GROUP BY wallet
ORDER BY outstanding DESC, wallet
