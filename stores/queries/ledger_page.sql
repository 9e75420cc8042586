SELECT entry_id, version, number, kind, points, lot_id, order_id, line_id, rule_id,
       rule_version, toUnixTimestamp64Milli(occurred_at) AS occurred_at_ms, balance_after,
       wallet, reference
FROM ledger
WHERE member_id = {member_id:String}
  AND (version, number) < ({before_version:UInt64}, {before_number:UInt32})
  AND ({wallet:String} = '' OR wallet = {wallet:String})
  AND ({reference:String} = '' OR reference = {reference:String})
  AND occurred_at <= fromUnixTimestamp64Milli({until_at:Int64}, 'UTC')
ORDER BY version DESC, number DESC
LIMIT {limit:UInt32}
