-- What each rule gave in a span: the members whom it reached, how often, and how many
-- points of which wallet. A reward and a trigger give none; whoever takes a reward pays.
-- Of a store or a channel: of what orders there earned within a month; the others have none.
-- Members who earned are told apart by a hash of 64 bits: of ten million two have the
-- same once in a hundred thousand times.
WITH
    fromUnixTimestamp64Milli({from_at:Int64}, 'UTC') AS since,
    fromUnixTimestamp64Milli({until_at:Int64}, 'UTC') AS before
SELECT rule, wallet, members, times, points
FROM
(
    SELECT toString(rule_id) AS rule, toString(wallet) AS wallet,
           toInt64(uniqExact(sipHash64(member_id))) AS members, toInt64(count()) AS times, sum(points) AS points
    FROM (SELECT * EXCEPT day FROM ledger_day_rows FINAL WHERE kind = 'EARN' AND day >= toDate(since) AND day <= toDate(before))
    WHERE rule_id != '' AND occurred_at >= since AND occurred_at < before
      AND ({store:String} = '' AND {channel:String} = '' OR sipHash64(member_id, order_id) IN
      (
          SELECT sipHash64(member_id, order_id) AS placed_key FROM order_day_rows
          WHERE ({store:String} != '' OR {channel:String} != '') AND kind = 'PLACED'
            AND order_day_rows.day >= toDate(since) - 32 AND order_day_rows.day <= toDate(before) + 1
          GROUP BY placed_key
          HAVING ({store:String} = '' OR argMax(order_day_rows.store_id, earliness) = {store:String})
             AND ({channel:String} = '' OR argMax(order_day_rows.channel, earliness) = {channel:String})
      ))
    GROUP BY rule, wallet
    UNION ALL
    SELECT toString(reward) AS rule, '' AS wallet,
           toInt64(uniqExact(member_id)) AS members, toInt64(count()) AS times, toInt64(0) AS points
    FROM (SELECT * EXCEPT day FROM decision_day_rows FINAL WHERE what = 'taken' AND day >= toDate(since) AND day <= toDate(before))
    WHERE {store:String} = '' AND {channel:String} = '' AND reward != '' AND occurred_at >= since AND occurred_at < before
    GROUP BY rule
    UNION ALL
    SELECT toString(trigger_id) AS rule, '' AS wallet,
           toInt64(uniqExact(member_id)) AS members, toInt64(count()) AS times, toInt64(0) AS points
    FROM (SELECT * EXCEPT day FROM trigger_day_rows FINAL WHERE position(trigger_id, ':') = 0 AND day >= toDate(since) AND day <= toDate(before))
    WHERE {store:String} = '' AND {channel:String} = '' AND occurred_at >= since AND occurred_at < before
    GROUP BY rule
)
ORDER BY points DESC, times DESC, rule, wallet
LIMIT {limit:UInt32}
