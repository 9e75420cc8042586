INSERT INTO closed_rule_days
SELECT {run:UInt64}, place.1 AS of_store, place.2 AS of_channel, local_day, rule, wallet,
       toInt64(count()), sum(points), uniqCombined64State(14)(member_id)
FROM
(
    SELECT member_id, local_day, rule, wallet, points,
           arrayDistinct([('', ''), (placed_at.1, ''), ('', placed_at.2), placed_at]) AS places
    FROM
    (
        SELECT member_id, toDate(occurred_at, {zone:String}) AS local_day, toString(rule_id) AS rule, toString(ledger_day_rows.wallet) AS wallet, points,
               sipHash64(member_id, order_id) AS entry_key
        FROM ledger_day_rows FINAL
        WHERE kind = 'EARN' AND rule_id != ''
          AND day >= toDate({first_day:String}) - 1 AND day <= toDate({last_day:String}) + 1
          AND local_day >= toDate({first_day:String}) AND local_day < toDate({last_day:String})
    ) AS entries
    LEFT JOIN
    (
{placed}
    ) AS placed ON placed.placed_key = entries.entry_key
    UNION ALL
    SELECT member_id, toDate(occurred_at, {zone:String}) AS local_day, toString(reward) AS rule, '', toInt64(0), [('', '')]
    FROM decision_day_rows FINAL
    WHERE what = 'taken' AND reward != ''
      AND day >= toDate({first_day:String}) - 1 AND day <= toDate({last_day:String}) + 1
      AND local_day >= toDate({first_day:String}) AND local_day < toDate({last_day:String})
    UNION ALL
    SELECT member_id, toDate(occurred_at, {zone:String}) AS local_day, toString(trigger_id) AS rule, '', toInt64(0), [('', '')]
    FROM trigger_day_rows FINAL
    WHERE position(trigger_id, ':') = 0
      AND day >= toDate({first_day:String}) - 1 AND day <= toDate({last_day:String}) + 1
      AND local_day >= toDate({first_day:String}) AND local_day < toDate({last_day:String})
)
ARRAY JOIN places AS place
GROUP BY of_store, of_channel, local_day, rule, wallet
