    -- A store may be chosen by itself and with its franchise; without any all are one place.
    chosen AS
    (
        SELECT one.1 AS chosen_store, one.2 AS place
        FROM
        (
            SELECT arrayJoin(if(empty({stores:Array(String)}), [('', '')], arrayZip({stores:Array(String)}, {places:Array(String)}))) AS one
        )
    )
