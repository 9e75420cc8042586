INSERT INTO closed_place_points
SELECT {run:UInt64}, of_channel, local_day, placed_at.1 AS store_id, wallet, sumIf(points, kind = 'EARN'), -sumIf(points, kind = 'BURN')
FROM
(
    SELECT kind, wallet, points, toDate(occurred_at, {zone:String}) AS local_day, sipHash64(member_id, order_id) AS entry_key
    FROM ledger_day_rows FINAL
    WHERE kind IN ('EARN', 'BURN') AND order_id != ''
      AND day >= toDate({first_day:String}) - 1 AND day <= toDate({last_day:String}) + 1
      AND local_day >= toDate({first_day:String}) AND local_day < toDate({last_day:String})
) AS entries
INNER JOIN
(
{placed}
) AS placed ON placed.placed_key = entries.entry_key
ARRAY JOIN arrayDistinct(['', placed_at.2]) AS of_channel
GROUP BY of_channel, local_day, store_id, wallet
