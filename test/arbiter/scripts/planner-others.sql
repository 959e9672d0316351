-- Shapes of plans: what is merged, pushed down, pruned, and turned into Top-N and windows.
-- tables: readings
SET 'pipeline.auto-watermark-interval' = '0';
SELECT a AS x, c + 1 AS y, b IS NULL FROM t WHERE c > 3 AND NOT (a > 3 OR b = 'x');
SELECT DISTINCT a, b FROM t;
SELECT a, b FROM n UNION ALL SELECT a, b FROM n WHERE a > 1;
SELECT a FROM n UNION SELECT CAST(c AS INT) FROM n;
SELECT a, c FROM n ORDER BY c LIMIT 5;
SELECT a FROM n ORDER BY c DESC, a LIMIT 3 OFFSET 2;
SELECT * FROM n LIMIT 3;
SELECT a FROM n LIMIT 0;
SELECT 1, 'x', 2.50, CAST(NULL AS INT), DATE '2020-01-01', TRUE;
SELECT * FROM (VALUES (1, 'a'), (2, 'bc'), (CAST(NULL AS INT), 'd')) AS v(x, y) WHERE x > 1 OR x IS NULL;
SELECT x + 1, UPPER(y) FROM (VALUES (1, 'a'), (CAST(2 AS BIGINT), UPPER('bc'))) AS v(x, y);
SELECT max(a) FILTER (WHERE b IS NULL) + 1 FROM n;
SELECT a, c, CASE WHEN c > 10 THEN 'big' WHEN c > 0 THEN 'small' END, COALESCE(b, 'none'), c / 3, c * 1.5, d + c, a IN (1, 3), c BETWEEN 2 AND 8, b LIKE 'z%' FROM n;
SELECT ts + INTERVAL '1' HOUR, DATE_FORMAT(ts, 'mm:ss'), EXTRACT(SECOND FROM ts), FLOOR(ts TO MINUTE), CAST(ts AS DATE) FROM n WHERE ts > TIMESTAMP '1970-01-01 00:01:00';
