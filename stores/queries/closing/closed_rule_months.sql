INSERT INTO closed_rule_months
SELECT {run:UInt64}, channel, toStartOfMonth(day) AS month, rule, wallet, uniqCombined64MergeState(14)(members)
FROM closed_rule_days
WHERE run = {run:UInt64} AND store_id = ''
GROUP BY channel, month, rule, wallet
