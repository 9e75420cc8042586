INSERT INTO closed_days
SELECT {run:UInt64}, day, sum(orders), sum(value_minor),
       minIf(first_at, orders > 0), maxIf(last_at, orders > 0), uniqCombined64MergeState(members)
FROM closed_store_days
WHERE run = {run:UInt64}
GROUP BY day
