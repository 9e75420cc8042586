-- How members of each tier answered personal offers in 90 days: who saw one, who tapped
-- it, who used it. A member counts once for an offer; the tier is that of today.
WITH
    fromUnixTimestamp64Milli({until_at:Int64}, 'UTC') AS before
SELECT offer_id, members.tier AS tier,
       toInt64(uniqExactIf(told.member_id, told.what = 'offer.viewed')) AS views,
       toInt64(uniqExactIf(told.member_id, told.what = 'offer.clicked')) AS clicks,
       toInt64(uniqExactIf(told.member_id, told.what = 'REDEEMED')) AS redemptions
FROM
(
    SELECT member_id, attributes['offer_id'] AS offer_id, type AS what
    FROM activity
    WHERE type IN ('offer.viewed', 'offer.clicked') AND offer_id != ''
      AND occurred_at < before AND occurred_at >= before - toIntervalDay(90)
    UNION ALL
    SELECT member_id, offer_id, kind AS what
    FROM offer_events
    WHERE kind = 'REDEEMED'
      AND occurred_at < before AND occurred_at >= before - toIntervalDay(90)
) AS told
LEFT JOIN members ON members.member_id = told.member_id
GROUP BY offer_id, tier
ORDER BY offer_id, tier
