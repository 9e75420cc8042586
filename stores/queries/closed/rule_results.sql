WITH
{ends},
{whole}
SELECT rule, wallet, toInt64(counted.members) AS members, times_in AS times, points_in AS points
FROM
(
    SELECT rule, wallet, toInt64(sum(times_of)) AS times_in, toInt64(sum(points_of)) AS points_in
    FROM
    (
        SELECT rule, toString(closed_rule_days.wallet) AS wallet, times AS times_of, closed_rule_days.points AS points_of
        FROM closed_rule_days
        WHERE run = {run:UInt64} AND day >= since_day AND day <= last_day
        UNION ALL
        SELECT rule, wallet, toInt64(count()), sum(gave)
        FROM
        (
{given}
        )
        GROUP BY rule, wallet
    )
    GROUP BY rule, wallet
) AS gave
LEFT JOIN
(
    SELECT rule, wallet, uniqCombined64Merge(members_of) AS members
    FROM
    (
        SELECT rule, toString(closed_rule_months.wallet) AS wallet, members AS members_of
        FROM closed_rule_months
        WHERE run = {run:UInt64} AND month >= since_day AND toLastDayOfMonth(month) <= last_closed_day
        UNION ALL
        SELECT rule, toString(closed_rule_days.wallet), members
        FROM closed_rule_days
        WHERE run = {run:UInt64} AND day >= since_day AND day <= last_day
          AND NOT (toStartOfMonth(day) >= since_day AND toLastDayOfMonth(day) <= last_closed_day)
        UNION ALL
        SELECT rule, wallet, uniqCombined64State(member_id)
        FROM
        (
{given}
        )
        GROUP BY rule, wallet
    )
    GROUP BY rule, wallet
) AS counted ON counted.rule = gave.rule AND counted.wallet = gave.wallet
ORDER BY points DESC, times DESC, rule, wallet
LIMIT {limit:UInt32}
