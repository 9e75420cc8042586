-- What members of each arm did in so many days from their exposure on, and spent in as
-- many days before it: sums and sums of squares, from which means and intervals follow.
-- Only members whose days are over: all are looked at for equally long.
WITH
    exposed AS
    (
{exposures}
    ),
    due AS
    (
        SELECT member_id, arm_id, exposed_at FROM exposed
        WHERE exposed_at + toIntervalDay({days:Int64}) <= fromUnixTimestamp64Milli({until_at:Int64}, 'UTC')
    ),
    bought AS
    (
        SELECT member_id,
               toFloat64(countIf(orders.occurred_at >= due.exposed_at AND orders.kind = 'PLACED')) AS orders_after,
               toFloat64(sumIf(if(orders.kind = 'PLACED', orders.subtotal_minor, -orders.refund_minor),
                               orders.occurred_at >= due.exposed_at)) AS value_after,
               toFloat64(sumIf(if(orders.kind = 'PLACED', orders.subtotal_minor, -orders.refund_minor),
                               orders.occurred_at < due.exposed_at)) AS value_before
        FROM (SELECT * FROM orders WHERE member_id IN (SELECT member_id FROM due)) AS orders
        INNER JOIN due ON due.member_id = orders.member_id
        WHERE orders.kind IN ('PLACED', 'REFUNDED')
          AND orders.occurred_at < due.exposed_at + toIntervalDay({days:Int64})
          AND orders.occurred_at >= due.exposed_at - toIntervalDay({days:Int64})
        GROUP BY member_id
    ),
    earned AS
    (
        SELECT member_id, toFloat64(sum(ledger.points)) AS points_after
        FROM (SELECT * FROM ledger WHERE member_id IN (SELECT member_id FROM due)) AS ledger
        INNER JOIN due ON due.member_id = ledger.member_id
        WHERE ledger.wallet = {wallet:String}
          AND ledger.kind IN ('EARN', 'REVERSE', 'CORRECT')
          AND ledger.occurred_at >= due.exposed_at
          AND ledger.occurred_at < due.exposed_at + toIntervalDay({days:Int64})
        GROUP BY member_id
    )
SELECT due.arm_id AS arm_id,
       toInt64(count()) AS members,
       sum(bought.orders_after) AS orders,
       sum(bought.orders_after * bought.orders_after) AS orders_squares,
       sum(bought.value_after) AS value,
       sum(bought.value_after * bought.value_after) AS value_squares,
       sum(earned.points_after) AS points,
       sum(earned.points_after * earned.points_after) AS points_squares,
       sum(bought.value_before) AS before,
       sum(bought.value_before * bought.value_before) AS before_squares,
       sum(bought.value_before * bought.value_after) AS products
FROM due
LEFT JOIN bought ON bought.member_id = due.member_id
LEFT JOIN earned ON earned.member_id = due.member_id
GROUP BY arm_id
ORDER BY arm_id
