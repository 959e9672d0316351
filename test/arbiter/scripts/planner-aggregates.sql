-- Shapes of plans: what is merged, pushed down, pruned, and turned into Top-N and windows.
-- tables: readings
SET 'pipeline.auto-watermark-interval' = '0';
SELECT a, count(*) AS n, min(c), max(d), sum(c), count(b), count(DISTINCT b) FROM t GROUP BY a;
SELECT count(*) FILTER (WHERE a > 2), sum(c) FILTER (WHERE c > 3), b FROM t GROUP BY b;
SELECT count(*), sum(c), max(b) FROM t;
SELECT a, cnt FROM (SELECT a, count(*) AS cnt FROM t GROUP BY a) WHERE cnt > 2 AND a > 1;
SELECT a, max(n), min(n), count(n) FROM (SELECT a, b, count(*) AS n FROM t GROUP BY a, b) GROUP BY a;
SELECT sum(n), count(*) FROM (SELECT a, count(*) AS n FROM t GROUP BY a);
WITH w AS (SELECT a, count(*) AS n FROM n GROUP BY a) SELECT * FROM w WHERE n > 3 UNION ALL SELECT * FROM w WHERE n < 2;
SELECT * FROM (SELECT a, count(*) AS n FROM n GROUP BY a) ORDER BY n DESC LIMIT 2;
SELECT a, count(*) AS n FROM n GROUP BY a ORDER BY max(c), a LIMIT 3;
SELECT * FROM (SELECT a, count(*) AS n FROM n GROUP BY a) LIMIT 2;
SELECT count(*) FROM (SELECT DISTINCT a FROM n);
SELECT a, sum(c) FROM n GROUP BY a HAVING sum(c) > 20;
SELECT a, b, max(c) - min(c) AS r FROM n WHERE c > 0 GROUP BY a, b HAVING count(*) > 2;
SELECT count(*), a + c FROM n WHERE a IS NOT NULL GROUP BY a + c;
SELECT b, count(*) FROM (SELECT a, max(b) AS b FROM n GROUP BY a) GROUP BY b;
