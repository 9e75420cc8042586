-- What ClickHouse says of some members: how they stand, and what their entries come to.
-- Ids are written into the statement (escaped by the client): as a parameter so many of
-- them are more than an address may hold.
SELECT
    member_id,
    max(version),
    max(balance),
    max(told),
    groupArrayIf((wallet, points), wallet != '')
FROM
(
    SELECT member_id, version, balance, 0 AS told, '' AS wallet, 0 AS points
    FROM members WHERE member_id IN %(member_ids)s
    UNION ALL
    SELECT member_id, 0, -9223372036854775808, max(version), '', 0
    FROM decisions WHERE member_id IN %(member_ids)s GROUP BY member_id
    UNION ALL
    SELECT member_id, 0, -9223372036854775808, 0, wallet, sum(points)
    FROM ledger WHERE member_id IN %(member_ids)s GROUP BY member_id, wallet
)
GROUP BY member_id
