-- A decision for each order, one for each reward taken; of 50 orders one changes the tier.
INSERT INTO decision_rows (member_id, version, event_id, event_kind, order_id, occurred_at,
    recorded_at, topic, offset, why, tier_before, tier_after, result)
SELECT member, n * 2 + one.1, concat('e-', toString(n), '-', toString(one.1)), one.2, one.3, occurred,
       occurred + toIntervalSecond(1), if(one.1 = 0, 'orders', 'commands'), n, one.4,
       if(one.1 = 0 AND lot < 20, ['guest', 'regular', 'family'][dice % 3 + 1], ''),
       if(one.1 = 0 AND lot < 20, ['regular', 'family', 'guest'][dice % 3 + 1], ''), one.5
FROM ({orders_of})
ARRAY JOIN if(lot >= 800,
    [(0, 'order.placed', order_name, 'a point for each dollar', ''),
     (1, 'points.redeem', '', 'a reward for 50 points', concat('{"reward": "offer-', toString(other % 8), '"}'))],
    [(0, 'order.placed', order_name, 'a point for each dollar', '')]) AS one
