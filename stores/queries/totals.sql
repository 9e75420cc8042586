SELECT
    (SELECT count() FROM orders WHERE kind = 'PLACED') AS orders,
    (SELECT sum(subtotal_minor) FROM orders WHERE kind = 'PLACED') AS order_value_minor,
    (SELECT count() FROM members) AS members,
    (SELECT sum(balance) FROM members) AS points_outstanding,
    (SELECT sum(points) FROM ledger WHERE kind = 'EARN' AND wallet = 'points') AS points_earned,
    (SELECT -sum(points) FROM ledger WHERE kind = 'EXPIRE' AND wallet = 'points') AS points_expired,
    (SELECT -sum(points) FROM ledger WHERE kind = 'REVERSE' AND wallet = 'points') AS points_reversed,
    (SELECT sum(points) FROM ledger WHERE wallet = 'points') AS ledger_sum,
    (SELECT count() FROM offer_events WHERE kind = 'GRANTED') AS offers_granted,
    (SELECT count() FROM trigger_events WHERE NOT match(trigger_id, '^(held|held-out|withheld):')) AS triggers_fired,
    (SELECT count() FROM messages) AS messages
