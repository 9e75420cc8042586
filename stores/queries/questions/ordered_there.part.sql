    -- Of a store or a channel: of whoever ordered there in the span.
    ({store:String} = '' AND {channel:String} = '' OR member_id IN
    (
        SELECT member_id FROM order_day_rows
        WHERE ({store:String} != '' OR {channel:String} != '') AND kind = 'PLACED'
          AND order_day_rows.day >= toDate(since) AND order_day_rows.day <= toDate(before) AND occurred_at >= since AND occurred_at < before
          AND ({store:String} = '' OR store_id = {store:String}) AND ({channel:String} = '' OR channel = {channel:String})
    ))
