SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE t (id INT, k STRING, v INT, big BIGINT, d DOUBLE, `dec` DECIMAL(10,2), ts TIMESTAMP(3), flag BOOLEAN, dt DATE, n ROW<x INT, y STRING>, up AS UPPER(k), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector'='filesystem','path'='${DATA}/measurements.json','format'='json');
SELECT window_start, window_end, k, AVG(d), SUM(d), COUNT(DISTINCT v) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, k;
SELECT window_start, window_end, k, AVG(d), SUM(d) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '7' SECOND)) GROUP BY window_start, window_end, k;
SELECT window_start, window_end, AVG(d), SUM(CAST(d AS FLOAT)) FROM TABLE(HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '20' SECOND, INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;
SELECT window_start, window_end, flag, AVG(d), STDDEV_POP(v), VAR_SAMP(d) FROM TABLE(CUMULATE(TABLE t, DESCRIPTOR(ts), INTERVAL '20' SECOND, INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, flag;
SELECT window_start, window_end, flag, AVG(d), FIRST_VALUE(d), LAST_VALUE(v) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, flag;
SELECT n.x, STDDEV_POP(d), SUM(d), AVG(d) FROM t GROUP BY n.x;
