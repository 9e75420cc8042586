INSERT INTO closed_offer_members
WITH
    fromUnixTimestamp64Milli({closed_at:Int64}, 'UTC') AS ends,
    ends - toIntervalDay({kept_days:Int64} + 1) AS begins
SELECT {run:UInt64},
       arrayMax(arrayMap(one -> if(one.1 = offer, toDate(one.2, {zone:String}), toDate(0)), grants)) AS granted_day,
       offer, member,
       arrayMax(arrayMap(one -> if(one.1 = offer AND one.2 <= seen_at, toDate(one.2, {zone:String}), toDate(0)), grants)),
       arrayMap(one -> one.2, arrayFilter(one -> one.1 = offer, took))
FROM
(
    SELECT member, groupArrayIf((name, at), what = 'granted') AS grants, maxIf(at, what = 'seen') AS seen_at,
           -- A taking that came twice has the same version.
           groupUniqArrayIf((name, toDate(at, {zone:String}), version), what = 'took') AS took
    FROM
    (
        SELECT sipHash64(member_id) AS member, toString(offer_id) AS name, occurred_at AS at, toUInt64(0) AS version, 'granted' AS what
        FROM offer_day_rows
        WHERE kind = 'GRANTED' AND day >= toDate(begins) AND occurred_at < ends
        UNION ALL
        SELECT sipHash64(member_id), '', occurred_at, 0, 'seen'
        FROM activity_day_rows
        WHERE type IN ('app.opened', 'offer.viewed') AND day >= toDate(begins) AND occurred_at < ends
        UNION ALL
        SELECT sipHash64(member_id), toString(reward), occurred_at, decision_day_rows.version, 'took'
        FROM decision_day_rows
        WHERE what = 'taken' AND event_kind = 'points.redeem' AND reward != '' AND day >= toDate(begins) AND occurred_at < ends
    )
    GROUP BY member
    HAVING notEmpty(grants) OR notEmpty(took)
)
ARRAY JOIN arrayDistinct(arrayConcat(arrayMap(one -> one.1, grants), arrayMap(one -> one.1, took))) AS offer
