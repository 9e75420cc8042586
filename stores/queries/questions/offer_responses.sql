-- How members of each tier answered personal offers in 90 days: who saw one, who tapped
-- it, who used it. A member counts once for an offer; the tier is that of today.
WITH
    fromUnixTimestamp64Milli({until_at:Int64}, 'UTC') AS before,
    told AS
    (
        SELECT member_id, offer_id, type AS what_done
        FROM activity_day_rows
        WHERE type IN ('offer.viewed', 'offer.clicked') AND offer_id != ''
          AND day >= toDate(before - toIntervalDay(90)) AND day <= toDate(before)
          AND occurred_at < before AND occurred_at >= before - toIntervalDay(90)
        UNION ALL
        SELECT member_id, offer_id, kind
        FROM offer_day_rows
        WHERE kind = 'REDEEMED' AND day >= toDate(before - toIntervalDay(90)) AND day <= toDate(before)
          AND occurred_at < before AND occurred_at >= before - toIntervalDay(90)
    )
SELECT offer_id, standing.tier AS tier,
       toInt64(uniqExactIf(told.member_id, told.what_done = 'offer.viewed')) AS views,
       toInt64(uniqExactIf(told.member_id, told.what_done = 'offer.clicked')) AS clicks,
       toInt64(uniqExactIf(told.member_id, told.what_done = 'REDEEMED')) AS redemptions
FROM told
LEFT JOIN
(
    SELECT member_id, argMax(tier, version) AS tier
    FROM member_rows WHERE member_id IN (SELECT member_id FROM told) GROUP BY member_id
) AS standing ON standing.member_id = told.member_id
GROUP BY offer_id, tier
ORDER BY offer_id, tier
