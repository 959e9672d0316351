-- tables: clicks
SELECT visitor, ok AND dwell > 100, ok OR dwell > 100, NOT ok FROM clicks;
SELECT visitor, ok IS TRUE, ok IS NOT TRUE, ok IS FALSE, ok IS UNKNOWN FROM clicks;
SELECT visitor FROM clicks WHERE ok;
SELECT visitor FROM clicks WHERE NOT ok OR dwell IS NULL;
SELECT CAST(NULL AS BOOLEAN) AND FALSE, CAST(NULL AS BOOLEAN) OR TRUE, CAST(NULL AS BOOLEAN) OR FALSE;
