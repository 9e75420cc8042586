INSERT INTO closed_rule_months
SELECT {run:UInt64}, toStartOfMonth(day) AS month, rule, wallet, uniqCombined64MergeState(members)
FROM closed_rule_days
WHERE run = {run:UInt64}
GROUP BY month, rule, wallet
