CREATE TABLE f (
  b BOOLEAN, i INT, n BIGINT, x DOUBLE, d DECIMAL(10, 2), s STRING, y BYTES, dt DATE, t TIME,
  ts TIMESTAMP(3), tl TIMESTAMP_LTZ(3), a ARRAY<INT>, m MAP<STRING, INT>,
  r ROW<p INT, q STRING>, pt AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = '{file}', 'format' = 'json');
CREATE TABLE g (
  i INT, n BIGINT, s STRING, ts TIMESTAMP(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '{file}', 'format' = 'json');
CREATE TABLE k (
  i INT, n BIGINT, s STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts, PRIMARY KEY (i) NOT ENFORCED
) WITH ('connector' = 'filesystem', 'path' = '{file}', 'format' = 'json');
CREATE TABLE changes (
  i INT, n BIGINT, s STRING, PRIMARY KEY (i) NOT ENFORCED
) WITH ('connector' = 'filesystem', 'path' = '{file}', 'format' = 'debezium-json');
CREATE TABLE out_keyed (i INT, n BIGINT, PRIMARY KEY (i) NOT ENFORCED)
  WITH ('connector' = 'blackhole');
CREATE TABLE out_plain (i INT, n BIGINT) WITH ('connector' = 'blackhole');
CREATE VIEW agg AS SELECT i, COUNT(*) AS n, MAX(x) AS x FROM f GROUP BY i;
