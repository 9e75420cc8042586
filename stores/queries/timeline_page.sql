-- Decisions about a member, newest first, each with all that it brought about.
WITH page AS
(
    SELECT version, event_id, event_kind, order_id, occurred_at, recorded_at, why,
           tier_before, tier_after, result, refusal
    FROM decisions
    WHERE member_id = {member_id:String} AND version < {before_version:UInt64}
    ORDER BY version DESC
    LIMIT {limit:UInt32}
)
SELECT page.version AS version, page.event_id AS event_id, page.event_kind AS event_kind,
       page.order_id AS order_id,
       toUnixTimestamp64Milli(page.occurred_at) AS occurred_at_ms,
       toUnixTimestamp64Milli(page.recorded_at) AS recorded_at_ms,
       page.why AS why, page.tier_before AS tier_before, page.tier_after AS tier_after,
       page.result AS result, page.refusal AS refusal,
       entries, offers, triggers,
       of_store, of_channel, of_subtotal, of_refund
FROM page
LEFT JOIN
(
    SELECT version, arraySort(x -> x.1, groupArray((number, kind, wallet, points, rule_id, toUnixTimestamp64Milli(occurred_at)))) AS entries
    FROM ledger
    WHERE member_id = {member_id:String} AND version IN (SELECT version FROM page)
    GROUP BY version
) AS moved ON moved.version = page.version
LEFT JOIN
(
    SELECT version, arraySort(groupArray((offer_id, kind, reason))) AS offers
    FROM offer_events
    WHERE member_id = {member_id:String} AND version IN (SELECT version FROM page)
    GROUP BY version
) AS told ON told.version = page.version
LEFT JOIN
(
    SELECT version, arraySort(groupArray((trigger_id, reason))) AS triggers
    FROM trigger_events
    WHERE member_id = {member_id:String} AND version IN (SELECT version FROM page)
    GROUP BY version
) AS fired ON fired.version = page.version
LEFT JOIN
(
    SELECT order_id AS of_order, concat('order.', lower(kind)) AS of_kind, event_id AS of_event,
           store_id AS of_store, channel AS of_channel, subtotal_minor AS of_subtotal, refund_minor AS of_refund
    FROM orders
    WHERE member_id = {member_id:String} AND order_id IN (SELECT order_id FROM page)
) AS placed ON placed.of_order = page.order_id AND placed.of_kind = page.event_kind
    AND placed.of_event = if(page.event_kind = 'order.placed', '', page.event_id)
ORDER BY version DESC
