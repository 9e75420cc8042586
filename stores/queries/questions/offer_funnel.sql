-- Of each offer: members who reached it in a span, those who opened the app
-- afterwards, and those who took it at once. What was reserved first names no reward.
WITH
    fromUnixTimestamp64Milli({from_at:Int64}, 'UTC') AS since,
    fromUnixTimestamp64Milli({until_at:Int64}, 'UTC') AS before,
    granted AS
    (
        SELECT offer_id, member_id, min(occurred_at) AS granted_at
        FROM offer_day_rows
        WHERE kind = 'GRANTED' AND day >= toDate(since) AND day <= toDate(before)
          AND occurred_at >= since AND occurred_at < before
        GROUP BY offer_id, member_id
    ),
    seen AS
    (
        SELECT member_id, max(occurred_at) AS seen_at
        FROM activity_day_rows
        WHERE type IN ('app.opened', 'offer.viewed') AND day >= toDate(since)
        GROUP BY member_id
    ),
    took AS
    (
        SELECT member_id, reward AS offer_id, toInt64(uniqExact(version)) AS times
        FROM decision_day_rows
        WHERE what = 'taken' AND event_kind = 'points.redeem' AND reward != ''
          AND day >= toDate(since) AND day <= toDate(before)
          AND occurred_at >= since AND occurred_at < before
        GROUP BY member_id, offer_id
    )
SELECT granted.offer_id AS offer_id,
       toInt64(count()) AS members_granted,
       toInt64(countIf(seen.seen_at >= granted.granted_at)) AS members_seen,
       toInt64(countIf(took.times > 0)) AS members_took,
       toInt64(sum(took.times)) AS times_taken,
       intDiv(members_took * 10000, members_granted) AS took_bp
FROM granted
LEFT JOIN seen ON seen.member_id = granted.member_id
LEFT JOIN took ON took.member_id = granted.member_id AND took.offer_id = granted.offer_id
GROUP BY offer_id
ORDER BY members_granted DESC, offer_id
