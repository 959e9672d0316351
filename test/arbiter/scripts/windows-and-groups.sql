SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE t (id INT, k STRING, v INT, big BIGINT, d DOUBLE, `dec` DECIMAL(10,2), ts TIMESTAMP(3), flag BOOLEAN, dt DATE, n ROW<x INT, y STRING>, up AS UPPER(k), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector'='filesystem','path'='${DATA}/measurements.json','format'='json');
SELECT window_start, window_end, k, COUNT(*), COUNT(DISTINCT v), SUM(big), MIN(`dec`), MAX(dt) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, k;
SELECT window_start, window_time, flag, SUM(v) FILTER (WHERE n.x > 2), AVG(v), SUM(`dec`) FROM TABLE(HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '30' SECOND, INTERVAL '90' SECOND)) GROUP BY window_start, window_end, window_time, flag HAVING COUNT(*) > 3;
SELECT k, n.y, COUNT(*) c, SUM(v) s, MIN(d), MAX(d), AVG(`dec`) FROM t GROUP BY k, n.y HAVING SUM(v) > 0;
SELECT c, COUNT(*) FROM (SELECT k, COUNT(*) AS c FROM t WHERE id < 300 GROUP BY k) GROUP BY c;
SELECT MAX(s), MIN(s), SUM(s), AVG(s), COUNT(DISTINCT s) FROM (SELECT n.x AS x, SUM(v) AS s FROM t WHERE id < 200 GROUP BY n.x);
