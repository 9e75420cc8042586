-- Only of spans that end with today: then the last day on which somebody reached an offer
-- says whether it is of the span, and a row a member is enough. Of whom there is something
-- newer the rows of today are looked at too.
WITH
{ends},
    looked AS
    (
        SELECT sipHash64(member_id) AS member, max(occurred_at) AS seen_at
        FROM activity_day_rows
        WHERE type IN ('app.opened', 'offer.viewed') AND day >= toDate(tail) AND occurred_at >= tail
        GROUP BY member
    ),
    fresh AS
    (
        SELECT sipHash64(member_id) AS member, toString(offer_day_rows.offer_id) AS offer_id, min(occurred_at) AS granted_at, toInt64(0) AS times
        FROM offer_day_rows
        WHERE kind = 'GRANTED' AND day >= toDate(tail) AND occurred_at >= tail AND occurred_at < before
        GROUP BY member, offer_id
        UNION ALL
        SELECT sipHash64(member_id) AS member, toString(reward) AS offer_id, toDateTime64(0, 3, 'UTC'), toInt64(uniqExact(version))
        FROM decision_day_rows
        WHERE what = 'taken' AND event_kind = 'points.redeem' AND reward != ''
          AND day >= toDate(tail) AND occurred_at >= tail AND occurred_at < before
        GROUP BY member, offer_id
    ),
    newer AS (SELECT member FROM looked UNION ALL SELECT member FROM fresh)
SELECT offer_id, toInt64(sum(granted)) AS members_granted, toInt64(sum(seen)) AS members_seen,
       toInt64(sum(took)) AS members_took, toInt64(sum(times_in)) AS times_taken,
       intDiv(members_took * 10000, members_granted) AS took_bp
FROM
(
    SELECT offer_id, toInt64(count()) AS granted, toInt64(countIf(seen_day >= since_day)) AS seen,
           toInt64(countIf(times_of > 0)) AS took, toInt64(sum(times_of)) AS times_in
    FROM
    (
        SELECT toString(closed_offer_members.offer_id) AS offer_id, seen_day, arrayCount(one -> one >= since_day, takes) AS times_of
        FROM closed_offer_members
        WHERE run = {run:UInt64} AND granted_day >= since_day AND member NOT IN (SELECT member FROM newer)
    )
    GROUP BY offer_id
    UNION ALL
    SELECT offer_id, toInt64(count()),
           toInt64(countIf(was_seen OR (was_granted AND seen_at > toDateTime64(0, 3, 'UTC')) OR (granted_at > toDateTime64(0, 3, 'UTC') AND seen_at >= granted_at))),
           toInt64(countIf(times_of > 0)), toInt64(sum(times_of))
    FROM
    (
        SELECT told.offer_id AS offer_id, told.member AS member, max(told.is_granted) AS was_granted, max(told.is_seen) AS was_seen,
               max(told.granted_at) AS granted_at, sum(told.times) AS times_of, any(looked.seen_at) AS seen_at
        FROM
        (
            SELECT toString(closed_offer_members.offer_id) AS offer_id, member, granted_day >= since_day AS is_granted, seen_day >= since_day AS is_seen,
                   toDateTime64(0, 3, 'UTC') AS granted_at, toInt64(arrayCount(one -> one >= since_day, takes)) AS times
            FROM closed_offer_members
            WHERE run = {run:UInt64} AND member IN (SELECT member FROM newer)
            UNION ALL
            SELECT offer_id, member, 0, 0, granted_at, times FROM fresh
        ) AS told
        LEFT JOIN looked ON looked.member = told.member
        GROUP BY offer_id, member
        HAVING was_granted OR granted_at > toDateTime64(0, 3, 'UTC')
    )
    GROUP BY offer_id
)
GROUP BY offer_id
ORDER BY members_granted DESC, offer_id
