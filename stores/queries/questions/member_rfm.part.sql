    SELECT member_id, days_since, orders, value_minor, last_at, r, f, m,
           multiIf(
               r >= 4 AND f >= 4 AND m >= 4, 'champions',
               r >= 3 AND f >= 4, 'loyal',
               r >= 4 AND f <= 2, 'new',
               r >= 3, 'promising',
               r = 2 AND f >= 3, 'at-risk',
               r = 1 AND f >= 4, 'cannot-lose',
               r = 2, 'cooling',
               'asleep') AS segment
    FROM
    (
        SELECT *,
               ntile(5) OVER (ORDER BY last_at, member_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS r,
               ntile(5) OVER (ORDER BY orders, value_minor, member_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS f,
               ntile(5) OVER (ORDER BY value_minor, member_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS m
        FROM
        (
            SELECT member_id,
                   max(occurred_at) AS last_at,
                   toInt64(count()) AS orders,
                   sum(subtotal_minor) AS value_minor,
                   intDiv({until_at:Int64} - toUnixTimestamp64Milli(last_at), 86400000) AS days_since
            FROM orders
            WHERE kind = 'PLACED'
              AND occurred_at < fromUnixTimestamp64Milli({until_at:Int64}, 'UTC')
              AND occurred_at >= fromUnixTimestamp64Milli({until_at:Int64} - 365 * 86400000, 'UTC')
            GROUP BY member_id
        )
    )
