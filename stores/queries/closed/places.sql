WITH
{ends},
{whole},
{kept_span},
{chosen}
SELECT sold.place AS place, orders_in AS orders, toInt64(counted.members) AS members, value_in AS value_minor,
       if(orders = 0, 0, intDiv(value_minor, orders)) AS basket_minor, refund_in AS refund_minor,
       if(value_minor = 0, 0, intDiv(refund_minor * 10000, value_minor)) AS refund_share_bp,
       toInt64(moved.earned_in) AS points_earned, toInt64(moved.used_in) AS redemptions
FROM
(
    SELECT chosen.place AS place, toInt64(sum(orders_of)) AS orders_in, toInt64(sum(value_of)) AS value_in, toInt64(sum(refund_of)) AS refund_in
    FROM (SELECT *, if(empty({stores:Array(String)}), '', store_id) AS at_store FROM
    (
{place_sales}
    )) AS told
    INNER JOIN chosen ON chosen.chosen_store = told.at_store
    GROUP BY place
) AS sold
LEFT JOIN
(
    SELECT chosen.place AS place, uniqCombined64Merge(members_of) AS members
    FROM (SELECT *, if(empty({stores:Array(String)}), '', store_id) AS at_store FROM
    (
{place_members}
    )) AS told
    INNER JOIN chosen ON chosen.chosen_store = told.at_store
    GROUP BY place
) AS counted ON counted.place = sold.place
LEFT JOIN
(
    SELECT chosen.place AS place, sum(earned) AS earned_in, sum(redeemed) AS used_in
    FROM (SELECT *, if(empty({stores:Array(String)}), '', store_id) AS at_store FROM
    (
{place_points}
    )) AS told
    INNER JOIN chosen ON chosen.chosen_store = told.at_store
    GROUP BY place
) AS moved ON moved.place = sold.place
ORDER BY place
