-- What a return or a late order corrects has the time of what it corrects; for
-- "as of" it counts from the time of the event that brought it about.
SELECT entry_id, version, number, kind, points, lot_id, order_id, line_id, rule_id,
       rule_version, toUnixTimestamp64Milli(occurred_at) AS occurred_at_ms, balance_after,
       wallet, reference
FROM ledger
LEFT JOIN (
    SELECT version, occurred_at AS decided_at FROM decisions WHERE member_id = {member_id:String}
) AS decided USING version
WHERE member_id = {member_id:String}
  AND (version, number) < ({before_version:UInt64}, {before_number:UInt32})
  AND ({wallet:String} = '' OR wallet = {wallet:String})
  AND ({reference:String} = '' OR reference = {reference:String})
  AND if(kind IN ('REVERSE', 'REINSTATE', 'CORRECT'), greatest(occurred_at, decided_at), occurred_at)
      <= fromUnixTimestamp64Milli({until_at:Int64}, 'UTC')
ORDER BY version DESC, number DESC
LIMIT {limit:UInt32}
