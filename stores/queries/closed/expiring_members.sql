SELECT member_id, points, first_at
FROM closed_expiring_members
WHERE run = {run:UInt64} AND wallet = {wallet:String} AND month = toStartOfMonth(toDate({day:String}))
ORDER BY points DESC, member_id
LIMIT {limit:UInt32}
