    SELECT day, toString(closed_place_points.store_id) AS store_id, earned, used
    FROM closed_place_points
    WHERE run = {run:UInt64} AND channel = {channel:String} AND wallet = {wallet:String} AND day >= since_day AND day <= last_day
    UNION ALL
    SELECT toDate(entries.occurred_at, {zone:String}) AS day, placed.at.1 AS store_id,
           sumIf(points, kind = 'EARN'), -sumIf(points, kind = 'BURN')
    FROM
    (
        SELECT kind, points, occurred_at, sipHash64(member_id, order_id) AS entry_key
        FROM ledger_day_rows FINAL
        WHERE kind IN ('EARN', 'BURN') AND wallet = {wallet:String} AND order_id != ''
          AND ledger_day_rows.day >= toDate(tail) AND occurred_at >= tail AND occurred_at < before
    ) AS entries
    INNER JOIN
    (
        SELECT sipHash64(member_id, order_id) AS placed_key,
               argMax((toString(order_day_rows.store_id), toString(order_day_rows.channel)), earliness) AS at
        FROM order_day_rows
        WHERE kind = 'PLACED' AND order_day_rows.day >= toDate(tail) - 32 AND order_day_rows.day <= toDate(before) + 1
        GROUP BY placed_key
    ) AS placed ON placed.placed_key = entries.entry_key
    WHERE {channel:String} = '' OR placed.at.2 = {channel:String}
    GROUP BY day, store_id
