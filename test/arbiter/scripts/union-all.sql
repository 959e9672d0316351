-- tables: orders, clicks
SELECT id AS a, customer AS b FROM orders WHERE id < 4 UNION ALL SELECT visitor, page FROM clicks WHERE visitor = 1;
SELECT n, COUNT(*) FROM (SELECT quantity AS n FROM orders UNION ALL SELECT visitor FROM clicks) GROUP BY n;
SELECT 1 AS a, CAST(NULL AS STRING) AS b UNION ALL SELECT 2, 'x' UNION ALL SELECT 3, 'y';
SELECT CAST(1 AS BIGINT) UNION ALL SELECT 2;
SELECT region FROM orders WHERE id < 9 UNION SELECT product FROM orders WHERE id < 9;
