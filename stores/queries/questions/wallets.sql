-- What is owed to members, by wallet; of what is gone, how much expired unused.
SELECT wallet,
       sum(points) AS outstanding,
       toInt64(uniqExact(member_id)) AS members,
       sumIf(points, kind = 'EARN') AS earned,
       -sumIf(points, kind = 'BURN') AS used,
       -sumIf(points, kind = 'EXPIRE') AS expired,
       if(used + expired = 0, 0, intDiv(expired * 10000, used + expired)) AS breakage_bp
FROM ledger
GROUP BY wallet
ORDER BY outstanding DESC, wallet
