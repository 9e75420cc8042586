-- Of a store or a channel: what orders there earned within a month of being placed.
WITH
{ends}
SELECT rule, wallet, toInt64(uniqCombined64Merge(14)(members_of)) AS members, toInt64(sum(times_of)) AS times, toInt64(sum(points_of)) AS points
FROM
(
    SELECT rule, toString(closed_rule_places.wallet) AS wallet, times AS times_of, closed_rule_places.points AS points_of, members AS members_of
    FROM closed_rule_places
    WHERE run = {run:UInt64} AND store_id = {store:String} AND channel = {channel:String} AND day >= since_day AND day <= last_day
    UNION ALL
    SELECT toString(rule_id) AS rule, toString(ledger_day_rows.wallet) AS wallet, toInt64(count()), sum(ledger_day_rows.points), uniqCombined64State(14)(member_id)
    FROM ledger_day_rows FINAL
    WHERE kind = 'EARN' AND rule_id != '' AND day >= toDate(tail) AND occurred_at >= tail AND occurred_at < before
      AND sipHash64(member_id, order_id) IN
      (
          SELECT sipHash64(member_id, order_id) AS placed_key FROM order_day_rows
          WHERE kind = 'PLACED' AND day >= toDate(tail) - 1 AND day <= toDate(before) + 1
          GROUP BY placed_key
          HAVING ({store:String} = '' OR argMax(order_day_rows.store_id, earliness) = {store:String})
             AND ({channel:String} = '' OR argMax(order_day_rows.channel, earliness) = {channel:String})
      )
    GROUP BY rule, wallet
)
GROUP BY rule, wallet
ORDER BY points DESC, times DESC, rule, wallet
LIMIT {limit:UInt32}
