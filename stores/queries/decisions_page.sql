SELECT version, event_id, event_kind, order_id,
       toUnixTimestamp64Milli(occurred_at) AS occurred_at_ms,
       toUnixTimestamp64Milli(recorded_at) AS recorded_at_ms,
       why, tier_before, tier_after
FROM decisions
WHERE member_id = {member_id:String} AND version < {before_version:UInt64}
ORDER BY version DESC
LIMIT {limit:UInt32}
