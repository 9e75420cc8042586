-- Points that members have got by rules since a time, less what returns took back while
-- it was there: what a budget of these rules has given. An arm's way of a rule is the rule.
-- DISTINCT in place of FINAL: rows of one key are alike, and few of all are these rules'.
WITH
    fromUnixTimestamp64Milli({since:Int64}, 'UTC') AS earliest
SELECT substringIndex(toString(rule_id), '#', 1) AS rule, toInt64(sum(points)) AS points
FROM
(
    SELECT DISTINCT kind, day, member_id, version, number, rule_id, points, occurred_at
    FROM ledger_day_rows
    WHERE kind IN ('EARN', 'REVERSE') AND day >= toDate(earliest)
      AND has({rules:Array(String)}, substringIndex(toString(rule_id), '#', 1))
)
WHERE occurred_at >= earliest
GROUP BY rule
ORDER BY rule
