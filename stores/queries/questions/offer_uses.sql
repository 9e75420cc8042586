-- Of some offers, ever: how often each was given, used, and ended unused, and how many of
-- those that members have end within seven days, at the lives that are told beside them.
-- DISTINCT in place of FINAL: rows of one key are alike.
WITH
    fromUnixTimestamp64Milli({until_at:Int64}, 'UTC') AS moment
SELECT offer_id,
       toInt64(sum(times_given)) AS given,
       toInt64(sum(times_used)) AS used,
       toInt64(sum(times_ended)) AS ended,
       toInt64(countIf(last_given >= last_ended AND ends_at > moment AND ends_at <= moment + toIntervalDay(7))) AS ending
FROM
(
    SELECT toString(offer_id) AS offer_id,
           countIf(kind = 'GRANTED') AS times_given,
           countIf(kind = 'REDEEMED') AS times_used,
           countIf(kind IN ('EXPIRED', 'WITHDRAWN')) AS times_ended,
           maxIf(occurred_at, kind = 'GRANTED') AS last_given,
           maxIf(occurred_at, kind != 'GRANTED') AS last_ended,
           last_given + toIntervalMillisecond({lives_ms:Array(Int64)}[indexOf({offers:Array(String)}, offer_id)]) AS ends_at
    FROM
    (
        SELECT DISTINCT kind, offer_id, day, member_id, version, occurred_at
        FROM offer_day_rows
        WHERE kind IN ('GRANTED', 'REDEEMED', 'EXPIRED', 'WITHDRAWN') AND has({offers:Array(String)}, toString(offer_id))
    )
    GROUP BY offer_id, member_id
)
GROUP BY offer_id
ORDER BY offer_id
