-- What orders earn, and what expires, is used, taken back and put right beside them.
INSERT INTO ledger_rows (member_id, entry_id, version, number, kind, points, lot_id, order_id,
    line_id, rule_id, rule_version, occurred_at, balance_after, wallet)
SELECT member, concat(toString(n), '-', toString(entry.1)), n, entry.1, entry.2, entry.3,
       concat('lot-', toString(n)), order_name, '', 'spend', 3, occurred, 500, 'points'
FROM ({orders_of})
ARRAY JOIN arrayFilter(one -> one.4, [
    (0, 'EARN', intDiv(subtotal, 100), true),
    (1, 'EXPIRE', toInt64(-20), lot < 360),
    (2, 'BURN', toInt64(-50), lot >= 800),
    (3, 'REVERSE', -intDiv(subtotal, 200), lot < 20),
    (4, 'ADJUST', toInt64(200), lot = 777)]) AS entry
