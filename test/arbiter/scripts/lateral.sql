-- tables: collections
SELECT id, x FROM collections AS t, LATERAL (SELECT s.id AS x FROM collections AS s WHERE s.id = t.id) AS l(x) WHERE x > 1;
SELECT id, x FROM collections AS t, LATERAL (SELECT s.id AS x FROM collections AS s WHERE s.id > t.id) AS l;
SELECT id, x FROM collections AS t, LATERAL (SELECT s.id FROM collections AS s) AS l(x) WHERE t.id = l.x;
SELECT id, x FROM collections AS t, LATERAL (SELECT COUNT(*) AS x FROM collections AS s WHERE s.id = t.id) AS l;
SELECT id, x FROM collections AS t LEFT JOIN LATERAL (SELECT s.id AS x FROM collections AS s WHERE s.id = t.id AND s.id < 3) AS l ON TRUE;
SELECT id, x FROM collections AS t LEFT JOIN LATERAL (SELECT s.id AS x FROM collections AS s WHERE s.id > t.id) AS l ON TRUE;
