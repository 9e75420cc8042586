-- What happened at places on each local day: stores, or franchises of several, or all together.
-- Points are those that orders earned, redemptions the personal offers used with orders; rewards taken
-- by a command have no place.
WITH
    fromUnixTimestamp64Milli({from_at:Int64}, 'UTC') AS since,
    fromUnixTimestamp64Milli({until_at:Int64}, 'UTC') AS before,
{chosen}
SELECT day, chosen.place AS place,
       toInt64(sum(orders_of)) AS orders, toInt64(sum(value_of)) AS value_minor, toInt64(sum(refund_of)) AS refund_minor,
       toInt64(sum(earned_of)) AS points_earned, toInt64(sum(used_of)) AS redemptions
FROM
(
    SELECT toDate(occurred_at, {zone:String}) AS day, if(empty({stores:Array(String)}), '', toString(store_id)) AS at_store,
           toInt64(countIf(kind = 'PLACED')) AS orders_of, sumIf(subtotal_minor, kind = 'PLACED') AS value_of,
           sumIf(orders.refund_minor, kind = 'REFUNDED') AS refund_of, toInt64(0) AS earned_of, toInt64(0) AS used_of
    FROM orders
    WHERE occurred_at >= since AND occurred_at < before AND ({channel:String} = '' OR channel = {channel:String})
    GROUP BY day, at_store
    UNION ALL
    SELECT toDate(occurred_at, {zone:String}) AS day, if(empty({stores:Array(String)}), '', store_id) AS at_store,
           0, 0, 0, sum(earned), sum(redeemed)
    FROM
    (
{place_points}
    )
    GROUP BY day, at_store
) AS told
INNER JOIN chosen ON chosen.chosen_store = told.at_store
GROUP BY day, place
ORDER BY day, place
