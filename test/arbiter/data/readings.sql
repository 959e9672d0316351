CREATE TABLE t (
  a INT, b STRING, c BIGINT NOT NULL, d DOUBLE, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/readings.json', 'format' = 'json');
CREATE TABLE n (a INT, b STRING, c BIGINT NOT NULL, d DOUBLE, ts TIMESTAMP(3))
  WITH ('connector' = 'filesystem', 'path' = '${DATA}/readings.json', 'format' = 'json');
CREATE VIEW v AS SELECT a, b, c, d, ts FROM t WHERE a IS NOT NULL;
