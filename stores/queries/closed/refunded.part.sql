
            SELECT member_id
            FROM
            (
                SELECT member_id, refunds AS times_of FROM closed_refund_days
                WHERE run = {run:UInt64} AND refunds > 0 AND day >= since_day AND day <= last_day
                UNION ALL
                SELECT member_id, toInt64(count()) FROM order_day_rows FINAL
                WHERE kind = 'REFUNDED' AND day >= toDate(tail) AND occurred_at >= tail AND occurred_at < before
                GROUP BY member_id
            )
            GROUP BY member_id HAVING sum(times_of) > 1
        