-- Places side by side: stores, or franchises of several; see place_days.sql.
WITH
    fromUnixTimestamp64Milli({from_at:Int64}, 'UTC') AS since,
    fromUnixTimestamp64Milli({until_at:Int64}, 'UTC') AS before,
{chosen}
SELECT sold.place AS place, orders, members, value_minor,
       if(orders = 0, 0, intDiv(value_minor, orders)) AS basket_minor, refund_minor,
       if(value_minor = 0, 0, intDiv(refund_minor * 10000, value_minor)) AS refund_share_bp,
       toInt64(moved.earned) AS points_earned, toInt64(moved.used) AS redemptions
FROM
(
    SELECT chosen.place AS place,
           toInt64(countIf(kind = 'PLACED')) AS orders, toInt64(uniqExactIf(member_id, kind = 'PLACED')) AS members,
           sumIf(subtotal_minor, kind = 'PLACED') AS value_minor, sumIf(orders.refund_minor, kind = 'REFUNDED') AS refund_minor
    FROM (SELECT *, if(empty({stores:Array(String)}), '', toString(store_id)) AS at_store FROM orders
          WHERE occurred_at >= since AND occurred_at < before AND ({channel:String} = '' OR channel = {channel:String})) AS orders
    INNER JOIN chosen ON chosen.chosen_store = orders.at_store
    GROUP BY place
) AS sold
LEFT JOIN
(
    SELECT chosen.place AS place, sum(entries.earned) AS earned, sum(redeemed) AS used
    FROM (SELECT *, if(empty({stores:Array(String)}), '', store_id) AS at_store FROM
    (
{place_points}
    )) AS entries
    INNER JOIN chosen ON chosen.chosen_store = entries.at_store
    GROUP BY place
) AS moved ON moved.place = sold.place
ORDER BY place
