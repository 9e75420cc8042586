SELECT wallet, toInt64(uniqExact(member_id)) AS members FROM ledger_day_rows GROUP BY wallet ORDER BY wallet
