-- Shapes of plans: what is merged, pushed down, pruned, and turned into Top-N and windows.
-- tables: readings
SET 'pipeline.auto-watermark-interval' = '0';
SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY a ORDER BY c DESC) AS rn FROM t) WHERE rn <= 3;
SELECT a, b, c FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY a ORDER BY c DESC, ts) AS rn FROM t) WHERE rn <= 3;
SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY a ORDER BY c) AS rn FROM t) WHERE rn = 2;
SELECT * FROM (SELECT a, b, d, ROW_NUMBER() OVER (PARTITION BY a ORDER BY d DESC NULLS FIRST, c) AS rn FROM t) WHERE rn > 1 AND 4 > rn;
SELECT a, b FROM t QUALIFY ROW_NUMBER() OVER (PARTITION BY a ORDER BY d, c, ts) <= 2;
SELECT a, b, n, rn FROM (SELECT a, b, n, ROW_NUMBER() OVER (PARTITION BY a ORDER BY n DESC) AS rn FROM (SELECT a, b, count(*) AS n FROM t GROUP BY a, b)) WHERE rn <= 2;
SELECT a, n FROM (SELECT a, n, ROW_NUMBER() OVER (PARTITION BY a ORDER BY n DESC) AS rn FROM (SELECT a, b, sum(c) AS n FROM t GROUP BY a, b)) WHERE rn <= 2;
SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY a, b ORDER BY ts DESC) AS rn FROM t) WHERE rn = 1;
SELECT a, b, c FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY a, b ORDER BY ts) AS rn FROM t) WHERE rn = 1;
SELECT * FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY ts) AS rn FROM t) WHERE rn = 1;
SELECT * FROM (SELECT a, count(*) AS n, ROW_NUMBER() OVER (ORDER BY count(*) DESC, a) AS rn FROM n GROUP BY a) WHERE rn <= 3;
SELECT a, b, c FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY a ORDER BY n) AS rn FROM (SELECT a, b, max(c) AS c, count(*) AS n FROM n GROUP BY a, b)) WHERE rn <= 1;
SELECT a, b, n FROM (SELECT a, b, ROW_NUMBER() OVER (PARTITION BY a, b ORDER BY ts DESC) AS rn, c AS n FROM t) WHERE rn = 1 AND n > 3;
SELECT a, sum(n) FROM (SELECT a, b, c AS n FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY a, b ORDER BY ts DESC) AS rn FROM t) WHERE rn = 1) GROUP BY a;
SELECT a, count(*) FROM (SELECT a, c FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY a ORDER BY c DESC) AS rn FROM n) WHERE rn <= 2) GROUP BY a;
