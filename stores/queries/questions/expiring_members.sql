-- Members whose points of a wallet end in a local month, most points first.
SELECT member_id, sum(lot.1) AS points, toUnixTimestamp64Milli(fromUnixTimestamp64Milli(min(lot.2), 'UTC')) AS first_at
FROM
(
    SELECT member_id,
           arrayJoin(JSONExtract(view, 'wallets', 'Array(Tuple(wallet_id String, lots Array(Tuple(points Int64, expires_at Int64))))')) AS held
    FROM members
)
ARRAY JOIN held.2 AS lot
WHERE held.1 = {wallet:String} AND lot.2 > 0
  AND toStartOfMonth(toDate(fromUnixTimestamp64Milli(lot.2 - 1, 'UTC'), {zone:String})) = toStartOfMonth(toDate({day:String}))
GROUP BY member_id
ORDER BY points DESC, member_id
LIMIT {limit:UInt32}
