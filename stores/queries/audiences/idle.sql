-- Members who have ordered, but not in the last so many days.
SELECT member_id FROM ({everybody})
WHERE member_id IN
(
    SELECT member_id FROM orders
    WHERE kind = 'PLACED' AND occurred_at < fromUnixTimestamp64Milli({until_at:Int64}, 'UTC')
    GROUP BY member_id
    HAVING max(occurred_at) < fromUnixTimestamp64Milli({until_at:Int64} - {idle_days:Int64} * 86400000, 'UTC')
)
