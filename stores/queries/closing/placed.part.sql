    -- Where the orders of some days were placed; points that one earns within a month of it count there.
    SELECT sipHash64(member_id, order_id) AS placed_key,
           argMax((toString(order_day_rows.store_id), toString(order_day_rows.channel)), earliness) AS placed_at
    FROM order_day_rows
    WHERE kind = 'PLACED' AND day >= toDate({first_day:String}) - 32 AND day <= toDate({last_day:String}) + 1
    GROUP BY placed_key
