WITH
{ends},
    toDate(fromUnixTimestamp64Milli(2 * {from_at:Int64} - {until_at:Int64} + 7200000, 'UTC'), {zone:String}) AS earlier_day,
    fromUnixTimestamp64Milli(greatest(2 * {from_at:Int64} - {until_at:Int64}, {closed_at:Int64}), 'UTC') AS earlier_tail
SELECT toInt64(uniqCombined64MergeIf(members_of, day >= since_day)) AS members,
       toInt64(uniqCombined64MergeIf(members_of, day < since_day)) AS members_before
FROM
(
    SELECT day, members AS members_of FROM closed_days
    WHERE run = {run:UInt64} AND day >= earlier_day AND day <= last_day
    UNION ALL
    SELECT toDate(occurred_at, {zone:String}) AS local_day, uniqCombined64State(member_id)
    FROM order_day_rows FINAL
    WHERE kind = 'PLACED' AND day >= toDate(earlier_tail) AND occurred_at >= earlier_tail AND occurred_at < before
    GROUP BY local_day
)
