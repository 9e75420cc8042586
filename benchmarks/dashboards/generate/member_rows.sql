-- Everybody as they stand, with two lots of points.
INSERT INTO member_rows (member_id, version, as_of, balance, tier, updated_at, view)
SELECT concat('member-', leftPad(toString(number), 8, '0')), 1,
       fromUnixTimestamp64Milli({until_at:Int64}, 'UTC'), toInt64(20 + dice % 900),
       ['guest', 'guest', 'regular', 'family'][dice % 4 + 1], fromUnixTimestamp64Milli({until_at:Int64}, 'UTC'),
       concat('{"tier_points": ', toString(dice % 4000), ', "offers": [], "wallets": [{"wallet_id": "points", "lots": [',
              '{"points": ', toString(20 + dice % 300), ', "expires_at": ', toString({until_at:Int64} + (dice % 90) * 86400000), '}, ',
              '{"points": ', toString(dice % 600), ', "expires_at": ', toString({until_at:Int64} + (dice % 170) * 86400000), '}]}]}')
FROM (SELECT number, sipHash64(number, 3) AS dice FROM numbers({first:UInt64}, {count:UInt64}))
