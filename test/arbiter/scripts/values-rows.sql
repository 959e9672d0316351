SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (3, CAST(NULL AS STRING))) AS t (n, s);
SELECT n * 2, s || '!' FROM (VALUES (1, 'a'), (2, 'bcd')) AS t (n, s) WHERE n > 0;
VALUES (1, 2.5), (3000000000, 1);
SELECT s, SUM(n) FROM (VALUES (1, 'a'), (2, 'b'), (3, 'a')) AS t (n, s) GROUP BY s;
SELECT COUNT(*) FROM (VALUES 1, 2, 3) AS t (n);
SELECT 1, 'x', TRUE, 1.5, DATE '2020-01-01';
SELECT * FROM (VALUES (TIMESTAMP '2020-01-01 00:00:00', INTERVAL '1' DAY)) AS t (a, b);
