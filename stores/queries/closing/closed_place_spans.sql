INSERT INTO closed_place_spans
SELECT {run:UInt64}, channel, toDate({first_day:String}), store_id, uniqCombined64MergeState(members)
FROM closed_place_days
WHERE run = {run:UInt64} AND day >= toDate({first_day:String}) AND day < toDate({last_day:String})
GROUP BY channel, store_id
