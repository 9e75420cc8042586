-- Triggers, steps of a journey, and a trial to which one order in two hundred exposes.
INSERT INTO trigger_event_rows (member_id, version, trigger_id, reason, occurred_at)
SELECT member, n,
       multiIf(lot < 80, concat('trigger-', toString(other % 10)),
               lot < 100, concat('journey:welcome/', ['hello', 'second', 'third'][other % 3 + 1]),
               concat('experiment:trial-', toString(intDiv(n * 4, {orders:UInt64})), ':',
                      ['control', 'thanked'][member_number % 2 + 1])),
       'after an order', occurred
FROM ({orders_of})
WHERE lot < 105
