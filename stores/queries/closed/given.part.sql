            SELECT member_id, toString(rule_id) AS rule, toString(ledger_day_rows.wallet) AS wallet, points AS gave
            FROM ledger_day_rows FINAL
            WHERE kind = 'EARN' AND rule_id != '' AND day >= toDate(tail) AND occurred_at >= tail AND occurred_at < before
            UNION ALL
            SELECT member_id, toString(reward), '', toInt64(0) FROM decision_day_rows FINAL
            WHERE what = 'taken' AND reward != '' AND day >= toDate(tail) AND occurred_at >= tail AND occurred_at < before
            UNION ALL
            SELECT member_id, toString(trigger_id), '', toInt64(0) FROM trigger_day_rows FINAL
            WHERE position(trigger_id, ':') = 0 AND day >= toDate(tail) AND occurred_at >= tail AND occurred_at < before
