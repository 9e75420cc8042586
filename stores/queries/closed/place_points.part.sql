    SELECT day, toString(closed_place_points.store_id) AS store_id, earned, redemptions AS redeemed
    FROM closed_place_points
    WHERE run = {run:UInt64} AND channel = {channel:String} AND wallet IN ('', {wallet:String}) AND day >= since_day AND day <= last_day
    UNION ALL
    SELECT toDate(occurred_at, {zone:String}) AS day, placed.at.1 AS store_id, sum(entries.earned), sum(entries.redeemed)
    FROM
    (
        SELECT occurred_at, points AS earned, toInt64(0) AS redeemed, sipHash64(member_id, order_id) AS entry_key
        FROM ledger_day_rows FINAL
        WHERE kind = 'EARN' AND wallet = {wallet:String} AND order_id != ''
          AND ledger_day_rows.day >= toDate(tail) AND occurred_at >= tail AND occurred_at < before
        UNION ALL
        SELECT occurred_at, toInt64(0), toInt64(1), sipHash64(member_id, occurred_at)
        FROM offer_day_rows FINAL
        WHERE kind = 'REDEEMED' AND offer_day_rows.day >= toDate(tail) AND occurred_at >= tail AND occurred_at < before
    ) AS entries
    INNER JOIN
    (
        -- An order by its id and by its moment. What one of an earlier day earns counts from the next night on.
        SELECT key AS placed_key, argMax((toString(order_day_rows.store_id), toString(order_day_rows.channel)), earliness) AS at
        FROM order_day_rows
        ARRAY JOIN [sipHash64(member_id, order_id), sipHash64(member_id, occurred_at)] AS key
        WHERE kind = 'PLACED' AND order_day_rows.day >= toDate(tail) - 1 AND order_day_rows.day <= toDate(before) + 1
        GROUP BY placed_key
    ) AS placed ON placed.placed_key = entries.entry_key
    WHERE {channel:String} = '' OR placed.at.2 = {channel:String}
    GROUP BY day, store_id
