    SELECT number AS n,
           sipHash64(n, 1) AS dice,
           sipHash64(n, 2) AS other,
           {first_at:Int64} + intDiv(n, {orders_a_day:UInt64}) * 86400000 AS day_at,
           -- A third at noon, half in the evening; local time of a chain in the east.
           [11, 12, 12, 13, 16, 18, 18, 19, 20, 22, 23, 24][dice % 12 + 1] * 3600000 + other % 3600000 AS in_day,
           fromUnixTimestamp64Milli(day_at + toInt64(in_day), 'UTC') AS occurred,
           -- Who came early comes more often; the chain grows to all its members.
           toUInt64(pow((dice % 1000003) / 1000003, 1.6) * {members:UInt64}
                    * (0.25 + 0.75 * least(n / {orders:UInt64}, 1))) AS member_number,
           concat('member-', leftPad(toString(member_number), 8, '0')) AS member,
           toUInt64(pow((other % 100003) / 100003, 1.4) * {stores:UInt64}) AS store,
           toInt64(400 + (dice % 29) * 95 + (other % 13) * 40) AS subtotal,
           concat('order-', toString(n)) AS order_name,
           intDiv(dice, 1009) % 1000 AS lot
    FROM numbers({first:UInt64}, {count:UInt64})
