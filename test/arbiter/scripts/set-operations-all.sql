-- tables: collections
CREATE VIEW tags AS SELECT id, e FROM collections, UNNEST(arr) AS u(e);
SELECT s FROM collections, UNNEST(ms) AS u(s) INTERSECT ALL SELECT e FROM tags;
SELECT s FROM collections, UNNEST(ms) AS u(s) EXCEPT ALL SELECT e FROM tags;
SELECT k FROM (VALUES (1), (1), (2), (2), (2), (3)) AS a(k) INTERSECT ALL SELECT k FROM (VALUES (1), (2), (2), (4)) AS b(k);
SELECT k FROM (VALUES (1), (1), (2), (2), (2), (3)) AS a(k) EXCEPT ALL SELECT k FROM (VALUES (1), (2), (2), (4)) AS b(k);
SELECT k, v FROM (VALUES (1, 'a'), (1, 'a'), (1, 'b')) AS a(k, v) INTERSECT ALL SELECT k, v FROM (VALUES (1, 'a'), (1, 'a'), (1, 'a')) AS b(k, v);
SELECT n, MAX(e) FROM (SELECT e, COUNT(*) AS n FROM tags GROUP BY e) GROUP BY n EXCEPT ALL SELECT CAST(1 AS BIGINT), 'zz' FROM tags;
SELECT k FROM (VALUES (1), (CAST(NULL AS INT)), (CAST(NULL AS INT))) AS a(k) INTERSECT ALL SELECT k FROM (VALUES (CAST(NULL AS INT)), (2)) AS b(k);
