-- Latest messages that were decided for a member.
SELECT message_id, campaign_id, channel, purpose, template_id, template_values,
       toUnixTimestamp64Milli(created_at) AS created_at_ms,
       toUnixTimestamp64Milli(expires_at) AS expires_at_ms,
       reason
FROM messages
WHERE member_id = {member_id:String}
ORDER BY created_at_ms DESC, message_id
LIMIT {limit:UInt32}
