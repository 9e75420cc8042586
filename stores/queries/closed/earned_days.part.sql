            SELECT points AS earned, members FROM closed_earned_days
            WHERE run = {run:UInt64} AND wallet = {wallet:String} AND day >= since_day AND day <= last_day
            UNION ALL
            SELECT sum(points) AS earned, toUInt64(1)
            FROM ledger_day_rows FINAL
            WHERE kind = 'EARN' AND wallet = {wallet:String} AND day >= toDate(tail) AND occurred_at >= tail AND occurred_at < before
            GROUP BY member_id, toDate(occurred_at, {zone:String})
