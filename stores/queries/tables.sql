-- The views that analysts ask of, with what their tables say of each column.
SELECT shown.table AS table, shown.name AS name, shown.type AS type, kept.comment AS meaning
FROM system.columns AS shown
LEFT JOIN
(
    SELECT table, name, any(comment) AS comment
    FROM system.columns
    WHERE database = {database:String} AND table LIKE '%\\_rows'
    GROUP BY table, name
) AS kept
    ON kept.name = shown.name
    AND kept.table = concat(if(shown.table = 'activity', 'activity', if(shown.table = 'ledger', 'ledger', replaceRegexpOne(shown.table, 's$', ''))), '_rows')
WHERE shown.database = {database:String}
  AND shown.table IN (SELECT name FROM system.tables WHERE database = {database:String} AND engine = 'View')
ORDER BY table, shown.position
