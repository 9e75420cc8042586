-- Points that members have got by rules since a time, less what returns took back while
-- it was there: what a budget of these rules has given. An arm's way of a rule is the rule.
-- What came twice is alike: one of it is taken in place of FINAL, by a digest of its key.
WITH
    fromUnixTimestamp64Milli({since:Int64}, 'UTC') AS earliest
SELECT rule, toInt64(sum(points)) AS points
FROM
(
    SELECT any(substringIndex(toString(rule_id), '#', 1)) AS rule, any(ledger_day_rows.points) AS points
    FROM ledger_day_rows
    WHERE kind IN ('EARN', 'REVERSE') AND day >= toDate(earliest) AND occurred_at >= earliest
      AND has({rules:Array(String)}, substringIndex(toString(rule_id), '#', 1))
    GROUP BY sipHash128(toString(kind), member_id, version, number)
)
GROUP BY rule
ORDER BY rule
