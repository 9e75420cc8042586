            SELECT member_id, toString(rule_id) AS rule, toString(ledger_day_rows.wallet) AS wallet, points
            FROM ledger_day_rows FINAL
            WHERE kind = 'EARN' AND rule_id != '' AND ledger_day_rows.day >= toDate(tail) AND occurred_at >= tail AND occurred_at < before
              AND ({store:String} = '' AND {channel:String} = '' OR sipHash64(member_id, order_id) IN
              (
                  SELECT sipHash64(member_id, order_id) AS placed_key FROM order_day_rows
                  WHERE ({store:String} != '' OR {channel:String} != '') AND kind = 'PLACED'
                    AND order_day_rows.day >= toDate(tail) - 32 AND order_day_rows.day <= toDate(before) + 1
                  GROUP BY placed_key
                  HAVING ({store:String} = '' OR argMax(order_day_rows.store_id, earliness) = {store:String})
                     AND ({channel:String} = '' OR argMax(order_day_rows.channel, earliness) = {channel:String})
              ))
            UNION ALL
            SELECT member_id, toString(reward), '', toInt64(0) FROM decision_day_rows FINAL
            WHERE {store:String} = '' AND {channel:String} = '' AND what = 'taken' AND reward != ''
              AND decision_day_rows.day >= toDate(tail) AND occurred_at >= tail AND occurred_at < before
            UNION ALL
            SELECT member_id, toString(trigger_id), '', toInt64(0) FROM trigger_day_rows FINAL
            WHERE {store:String} = '' AND {channel:String} = '' AND position(trigger_id, ':') = 0
              AND trigger_day_rows.day >= toDate(tail) AND occurred_at >= tail AND occurred_at < before
