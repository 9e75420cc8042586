INSERT INTO closed_rule_days
SELECT {run:UInt64}, local_day, rule, of_wallet, toInt64(count()), sum(gave), uniqCombined64State(member_id)
FROM
(
    SELECT member_id, toDate(occurred_at, {zone:String}) AS local_day, toString(rule_id) AS rule, toString(wallet) AS of_wallet, points AS gave
    FROM ledger_day_rows FINAL
    WHERE kind = 'EARN' AND rule_id != ''
      AND day >= toDate({first_day:String}) - 1 AND day <= toDate({last_day:String}) + 1
      AND local_day >= toDate({first_day:String}) AND local_day < toDate({last_day:String})
    UNION ALL
    SELECT member_id, toDate(occurred_at, {zone:String}) AS local_day, toString(reward), '', toInt64(0)
    FROM decision_day_rows FINAL
    WHERE what = 'taken' AND reward != ''
      AND day >= toDate({first_day:String}) - 1 AND day <= toDate({last_day:String}) + 1
      AND local_day >= toDate({first_day:String}) AND local_day < toDate({last_day:String})
    UNION ALL
    SELECT member_id, toDate(occurred_at, {zone:String}) AS local_day, toString(trigger_id), '', toInt64(0)
    FROM trigger_day_rows FINAL
    WHERE position(trigger_id, ':') = 0
      AND day >= toDate({first_day:String}) - 1 AND day <= toDate({last_day:String}) + 1
      AND local_day >= toDate({first_day:String}) AND local_day < toDate({last_day:String})
)
GROUP BY local_day, rule, of_wallet
