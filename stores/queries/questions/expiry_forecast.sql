-- When the points that members hold end, by local month, and how many of them will
-- probably end unused: at the share of points that expired so far, rounded down.
WITH
    (
        SELECT (-sumIf(points, kind = 'EXPIRE'), -sumIf(points, kind = 'EXPIRE' OR kind = 'BURN'))
        FROM ledger WHERE wallet = {wallet:String}
    ) AS gone
SELECT if(lot.2 = 0, NULL, toStartOfMonth(toDate(fromUnixTimestamp64Milli(lot.2 - 1, 'UTC'), {zone:String}))) AS month,
       sum(lot.1) AS points,
       toInt64(uniqExact(member_id)) AS members,
       if(month IS NULL, 0, toInt64(intDivOrZero(points * assumeNotNull(gone.1), assumeNotNull(gone.2)))) AS forecast_unused
FROM
(
    SELECT member_id,
           arrayJoin(JSONExtract(view, 'wallets', 'Array(Tuple(wallet_id String, lots Array(Tuple(points Int64, expires_at Int64))))')) AS held
    FROM members
)
ARRAY JOIN held.2 AS lot
WHERE held.1 = {wallet:String}
GROUP BY month
ORDER BY month NULLS LAST
