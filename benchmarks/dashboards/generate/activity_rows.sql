-- Of five orders one is followed by a look into the app.
INSERT INTO activity_rows (member_id, event_id, type, session_id, store_id, attributes, occurred_at, recorded_at)
SELECT member, concat('act-', toString(n)), if(lot < 170, 'app.opened', 'offer.viewed'), '', '',
       if(lot < 170, map(), map('offer_id', concat('offer-', toString(other % 8)))),
       occurred + toIntervalHour(2), occurred + toIntervalHour(2)
FROM ({orders_of})
WHERE lot < 200
