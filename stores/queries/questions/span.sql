-- From when to when there are orders; both 0 when there are none.
SELECT toUnixTimestamp64Milli(min(occurred_at)) AS first_at,
       toUnixTimestamp64Milli(max(occurred_at)) AS last_at,
       count() AS orders
FROM orders
WHERE kind = 'PLACED'
