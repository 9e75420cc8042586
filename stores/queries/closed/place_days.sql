WITH
{ends},
{chosen}
SELECT day, chosen.place AS place,
       toInt64(sum(orders_of)) AS orders, toInt64(sum(value_of)) AS value_minor, toInt64(sum(refund_of)) AS refund_minor,
       toInt64(sum(earned_of)) AS points_earned, toInt64(sum(used_of)) AS redemptions
FROM
(
    SELECT day, if(empty({stores:Array(String)}), '', store_id) AS at_store, orders_of, value_of, refund_of, toInt64(0) AS earned_of, toInt64(0) AS used_of
    FROM
    (
{place_sales}
    )
    UNION ALL
    SELECT day, if(empty({stores:Array(String)}), '', store_id) AS at_store, 0, 0, 0, earned, redeemed
    FROM
    (
{place_points}
    )
) AS told
INNER JOIN chosen ON chosen.chosen_store = told.at_store
GROUP BY day, place
ORDER BY day, place
