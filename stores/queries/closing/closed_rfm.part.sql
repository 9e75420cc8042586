    SELECT member_id, orders, value_minor, days_since, r, f, m,
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
        SELECT member_id, year_orders AS orders, year_value_minor AS value_minor,
               intDiv({closed_at:Int64} - toUnixTimestamp64Milli(last_at), 86400000) AS days_since,
               ntile(5) OVER (ORDER BY last_at, member_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS r,
               ntile(5) OVER (ORDER BY orders, value_minor, member_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS f,
               ntile(5) OVER (ORDER BY value_minor, member_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS m
        FROM closed_members
        WHERE run = {run:UInt64} AND year_orders > 0
    )
