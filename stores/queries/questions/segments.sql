-- Members of the last 365 days by recency, frequency and money: each in fifths of all,
-- 5 is best; the fifths make the segments.
SELECT segment,
       toInt64(count()) AS members,
       sum(rfm.orders) AS orders,
       sum(rfm.value_minor) AS value_minor,
       toInt64(intDiv(value_minor, orders)) AS basket_minor,
       toInt64(intDiv(sum(days_since), count())) AS days_since_mean
FROM ({member_rfm}) AS rfm
GROUP BY segment
ORDER BY value_minor DESC, segment
