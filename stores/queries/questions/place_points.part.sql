    -- What orders earned, and the offers used with them, where they were placed. An order's points count
    -- there for a month; an offer is used at the moment of its order.
    SELECT occurred_at, placed.at.1 AS store_id, points AS earned, toInt64(0) AS redeemed
    FROM
    (
        SELECT points, occurred_at, sipHash64(member_id, order_id) AS entry_key
        FROM ledger_day_rows FINAL
        WHERE kind = 'EARN' AND wallet = {wallet:String} AND order_id != ''
          AND day >= toDate(since) AND day <= toDate(before) AND occurred_at >= since AND occurred_at < before
    ) AS entries
    INNER JOIN
    (
        SELECT sipHash64(member_id, order_id) AS placed_key,
               argMax((toString(order_day_rows.store_id), toString(order_day_rows.channel)), earliness) AS at
        FROM order_day_rows
        WHERE kind = 'PLACED' AND day >= toDate(since) - 32 AND day <= toDate(before) + 1
        GROUP BY placed_key
    ) AS placed ON placed.placed_key = entries.entry_key
    WHERE {channel:String} = '' OR placed.at.2 = {channel:String}
    UNION ALL
    SELECT occurred_at, placed.at.1, toInt64(0), toInt64(1)
    FROM
    (
        SELECT occurred_at, sipHash64(member_id, occurred_at) AS entry_key
        FROM offer_day_rows FINAL
        WHERE kind = 'REDEEMED' AND day >= toDate(since) AND day <= toDate(before) AND occurred_at >= since AND occurred_at < before
    ) AS entries
    INNER JOIN
    (
        SELECT sipHash64(member_id, occurred_at) AS placed_key,
               argMax((toString(order_day_rows.store_id), toString(order_day_rows.channel)), earliness) AS at
        FROM order_day_rows
        WHERE kind = 'PLACED' AND day >= toDate(since) AND day <= toDate(before)
        GROUP BY placed_key
    ) AS placed ON placed.placed_key = entries.entry_key
    WHERE {channel:String} = '' OR placed.at.2 = {channel:String}
