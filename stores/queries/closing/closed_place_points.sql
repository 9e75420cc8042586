INSERT INTO closed_place_points
SELECT {run:UInt64}, of_channel, local_day, placed_at.1 AS store_id, of_wallet, sum(earned), sum(redeemed)
FROM
(
    SELECT toString(wallet) AS of_wallet, points AS earned, toInt64(0) AS redeemed, toDate(occurred_at, {zone:String}) AS local_day,
           sipHash64(member_id, order_id) AS entry_key
    FROM ledger_day_rows FINAL
    WHERE kind = 'EARN' AND order_id != ''
      AND day >= toDate({first_day:String}) - 1 AND day <= toDate({last_day:String}) + 1
      AND local_day >= toDate({first_day:String}) AND local_day < toDate({last_day:String})
    UNION ALL
    SELECT '', toInt64(0), toInt64(1), toDate(occurred_at, {zone:String}) AS local_day, sipHash64(member_id, occurred_at)
    FROM offer_day_rows FINAL
    WHERE kind = 'REDEEMED'
      AND day >= toDate({first_day:String}) - 1 AND day <= toDate({last_day:String}) + 1
      AND local_day >= toDate({first_day:String}) AND local_day < toDate({last_day:String})
) AS entries
INNER JOIN
(
{placed}
    UNION ALL
    -- An offer is used at the moment of its order.
    SELECT sipHash64(member_id, occurred_at), argMax((toString(order_day_rows.store_id), toString(order_day_rows.channel)), earliness)
    FROM order_day_rows
    WHERE kind = 'PLACED' AND day >= toDate({first_day:String}) - 1 AND day <= toDate({last_day:String}) + 1
    GROUP BY sipHash64(member_id, occurred_at)
) AS placed ON placed.placed_key = entries.entry_key
ARRAY JOIN arrayDistinct(['', placed_at.2]) AS of_channel
GROUP BY of_channel, local_day, store_id, of_wallet
