    -- Points that orders earned and were paid with, where the orders were placed; an order's entries
    -- count there for a month.
    SELECT entries.kind AS kind, entries.points AS points, entries.occurred_at AS occurred_at, placed.at.1 AS store_id
    FROM
    (
        SELECT kind, points, occurred_at, sipHash64(member_id, order_id) AS entry_key
        FROM ledger_day_rows FINAL
        WHERE kind IN ('EARN', 'BURN') AND wallet = {wallet:String} AND order_id != ''
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
