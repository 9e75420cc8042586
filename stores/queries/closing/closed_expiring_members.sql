INSERT INTO closed_expiring_members
SELECT {run:UInt64}, wallet, month, member_id, sum(lot.1) AS points, min(lot.2)
FROM
(
    SELECT member_id, held.1 AS wallet, arrayJoin(held.2) AS lot, toStartOfMonth(toDate(fromUnixTimestamp64Milli(lot.2 - 1, 'UTC'), {zone:String})) AS month
    FROM
    (
        SELECT member_id,
               arrayJoin(JSONExtract(view, 'wallets', 'Array(Tuple(wallet_id String, lots Array(Tuple(points Int64, expires_at Int64))))')) AS held
        FROM members
    )
)
WHERE lot.2 > 0
GROUP BY wallet, month, member_id
ORDER BY wallet, month, points DESC, member_id
LIMIT 5000 BY wallet, month
