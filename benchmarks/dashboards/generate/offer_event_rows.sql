-- Of ten orders one brings an offer within reach, of fifty one uses a personal one.
INSERT INTO offer_event_rows (member_id, version, offer_id, kind, reason, occurred_at)
SELECT member, n, concat('offer-', toString(other % 8)), if(lot < 100, 'GRANTED', 'REDEEMED'),
       'enough points', occurred
FROM ({orders_of})
WHERE lot < 120
