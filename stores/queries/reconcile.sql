-- What ClickHouse says of some members: how they stand, and what their entries come to.
SELECT
    member_id,
    max(version),
    max(balance),
    max(told),
    groupArrayIf((wallet, points), wallet != '')
FROM
(
    SELECT member_id, version, balance, 0 AS told, '' AS wallet, 0 AS points
    FROM members WHERE member_id IN {member_ids:Array(String)}
    UNION ALL
    SELECT member_id, 0, -9223372036854775808, max(version), '', 0
    FROM decisions WHERE member_id IN {member_ids:Array(String)} GROUP BY member_id
    UNION ALL
    SELECT member_id, 0, -9223372036854775808, 0, wallet, sum(points)
    FROM ledger WHERE member_id IN {member_ids:Array(String)} GROUP BY member_id, wallet
)
GROUP BY member_id
