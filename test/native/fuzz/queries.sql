-- One statement a line: what the planner makes of it is a seed of the fuzzers.
SELECT k + 1, UPPER(s), s LIKE 'a%b_', CASE WHEN f THEN d ELSE e END, r.y FROM t WHERE b > 5 AND s IN ('x', 'y')
SELECT REGEXP_REPLACE(s, '(a|b)+c', '$1'), DATE_FORMAT(ts, 'yyyy-MM-dd'), CAST(s AS TIMESTAMP(3)) FROM t
SELECT k, COUNT(*), SUM(b), AVG(e), MIN(s), MAX(d), COUNT(DISTINCT s) FILTER (WHERE f), FIRST_VALUE(b), LAST_VALUE(s), STDDEV_POP(d) FROM t GROUP BY k
SELECT n, COUNT(*), MIN(k), MAX(k), SUM(k) FROM counted GROUP BY n
SET 'table.exec.mini-batch.enabled' = 'true'; SET 'table.exec.mini-batch.size' = '10'; SET 'table.exec.mini-batch.allow-latency' = '1 s'; SELECT s, r, COUNT(*), SUM(e) FROM t GROUP BY s, r
SELECT window_start, s, COUNT(*), MAX(e), COUNT(DISTINCT b) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, s
SELECT window_end, AVG(d) FROM TABLE(HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '10' SECOND)) GROUP BY window_start, window_end
SELECT k, window_time FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND))
SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY b DESC, s) AS n FROM t) WHERE n <= 3
SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY s ORDER BY ts DESC) AS n FROM t) WHERE n = 1
SELECT * FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY n DESC) AS place FROM counted) WHERE place <= 5
SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY c DESC) AS n FROM (SELECT window_start, window_end, k, COUNT(*) AS c FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, k)) WHERE n <= 2
SELECT k, s FROM t UNION ALL SELECT k, 'x' FROM counted
SELECT * FROM t LIMIT 3
SELECT * FROM (VALUES (1, 'a', DATE '2020-01-01'), (2, 'b', NULL)) AS v(a, b, c)
INSERT INTO dropped SELECT * FROM counted
