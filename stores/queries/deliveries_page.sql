-- Latest attempts to deliver something to a member.
SELECT delivery_id, attempt, member_id, message_id, campaign_id, channel, kind, target,
       status, http_status, detail,
       toUnixTimestamp64Milli(created_at) AS created_at_ms,
       toUnixTimestamp64Milli(attempted_at) AS attempted_at_ms
FROM message_deliveries
WHERE member_id = {member_id:String}
ORDER BY attempted_at_ms DESC, delivery_id, attempt DESC
LIMIT {limit:UInt32}
