    -- Whether the members of exactly the closed days of the span were counted together.
    (
        SELECT count() > 0 FROM closed_place_spans
        WHERE run = {run:UInt64} AND first_day = since_day
          AND last_day >= toDate(fromUnixTimestamp64Milli({closed_at:Int64}, 'UTC'), {zone:String}) - 1
    ) AS is_kept
