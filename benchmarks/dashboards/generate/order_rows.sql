-- An order each; of 50 one has half its money given back.
INSERT INTO order_rows (member_id, order_id, kind, event_id, store_id, channel, currency,
    total_minor, subtotal_minor, tax_minor, refund_id, refund_minor, occurred_at, recorded_at, offset)
SELECT member, order_name, what, if(what = 'PLACED', '', concat('back-', toString(n))),
       concat('store-', leftPad(toString(store), 3, '0')),
       ['APP', 'COUNTER', 'KIOSK', 'WEB'][n % 4 + 1], 'USD',
       subtotal + intDiv(subtotal * 8, 100), subtotal, intDiv(subtotal * 8, 100),
       if(what = 'PLACED', '', 'half'), if(what = 'PLACED', 0, intDiv(subtotal, 2)),
       occurred + toIntervalSecond(if(what = 'PLACED', 0, 1800)), occurred + toIntervalSecond(1801), n
FROM ({orders_of})
ARRAY JOIN if(lot < 20, ['PLACED', 'REFUNDED'], ['PLACED']) AS what
