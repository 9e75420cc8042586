SELECT segment, toInt64(count()) AS members, sum(rfm.orders) AS orders, sum(rfm.value_minor) AS value_minor,
       toInt64(intDiv(value_minor, orders)) AS basket_minor, toInt64(intDiv(sum(days_since), count())) AS days_since_mean
FROM
(
{closed_rfm}
) AS rfm
GROUP BY segment
ORDER BY value_minor DESC, segment
