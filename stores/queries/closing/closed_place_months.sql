INSERT INTO closed_place_months
SELECT {run:UInt64}, channel, toStartOfMonth(day) AS month, store_id, uniqCombined64MergeState(members)
FROM closed_place_days
WHERE run = {run:UInt64}
GROUP BY channel, month, store_id
