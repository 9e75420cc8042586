    SELECT wallet, toDate(occurred_at, {zone:String}) AS local_day, member_id, sum(points) AS earned
    FROM ledger_day_rows FINAL
    WHERE kind = 'EARN' AND day >= toDate({first_day:String}) - 1 AND day <= toDate({last_day:String}) + 1
      AND local_day >= toDate({first_day:String}) AND local_day < toDate({last_day:String})
    GROUP BY wallet, local_day, member_id
