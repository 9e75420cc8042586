INSERT INTO closed_rule_places
SELECT {run:UInt64}, place.1 AS of_store, place.2 AS of_channel, local_day, rule, of_wallet,
       toInt64(count()), sum(points), uniqCombined64State(14)(member_id)
FROM
(
    SELECT member_id, toDate(occurred_at, {zone:String}) AS local_day, toString(rule_id) AS rule, toString(wallet) AS of_wallet, points,
           sipHash64(member_id, order_id) AS entry_key
    FROM ledger_day_rows FINAL
    WHERE kind = 'EARN' AND rule_id != '' AND order_id != ''
      AND day >= toDate({first_day:String}) - 1 AND day <= toDate({last_day:String}) + 1
      AND local_day >= toDate({first_day:String}) AND local_day < toDate({last_day:String})
) AS entries
INNER JOIN
(
{placed}
) AS placed ON placed.placed_key = entries.entry_key
ARRAY JOIN arrayFilter(one -> one != ('', ''), arrayDistinct([(placed_at.1, ''), ('', placed_at.2), placed_at])) AS place
GROUP BY of_store, of_channel, local_day, rule, of_wallet
