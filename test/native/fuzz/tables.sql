CREATE TABLE t (
  k INT, s STRING, b BIGINT, d DOUBLE, e DECIMAL(20, 4), f BOOLEAN, r ROW<x INT, y STRING>,
  ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'datagen', 'number-of-rows' = '5');
CREATE TABLE dropped (k INT, n BIGINT) WITH ('connector' = 'blackhole');
CREATE VIEW counted AS SELECT k, COUNT(*) AS n FROM t GROUP BY k;
