-- Of some offers, ever: how often each was given, used, and ended unused, and how many of
-- those that members have end within seven days, at the lives that are told beside them.
-- What came twice has one version: versions are counted in place of FINAL.
WITH
    fromUnixTimestamp64Milli({until_at:Int64}, 'UTC') AS moment
SELECT offer_id,
       toInt64(sum(times_given)) AS given,
       toInt64(sum(times_used)) AS used,
       toInt64(sum(times_ended)) AS ended,
       toInt64(countIf(last_given >= last_ended AND ends_at > moment AND ends_at <= moment + toIntervalDay(7))) AS ending
FROM
(
    SELECT toString(offer_day_rows.offer_id) AS offer_id,
           uniqExactIf(version, kind = 'GRANTED') AS times_given,
           uniqExactIf(version, kind = 'REDEEMED') AS times_used,
           uniqExactIf(version, kind IN ('EXPIRED', 'WITHDRAWN')) AS times_ended,
           maxIf(occurred_at, kind = 'GRANTED') AS last_given,
           maxIf(occurred_at, kind != 'GRANTED') AS last_ended,
           last_given + toIntervalMillisecond({lives_ms:Array(Int64)}[indexOf({offers:Array(String)}, offer_id)]) AS ends_at
    FROM offer_day_rows
    WHERE kind IN ('GRANTED', 'REDEEMED', 'EXPIRED', 'WITHDRAWN') AND offer_day_rows.offer_id IN {offers:Array(String)}
    GROUP BY offer_id, member_id
)
GROUP BY offer_id
ORDER BY offer_id
