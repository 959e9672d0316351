CREATE TABLE nexmark (
  event_type INT,
  person ROW<id BIGINT, name STRING, `dateTime` TIMESTAMP(3)>,
  auction ROW<id BIGINT, category BIGINT, `dateTime` TIMESTAMP(3)>,
  bid ROW<auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING,
    `dateTime` TIMESTAMP(3), extra STRING>,
  `dateTime` AS CASE WHEN event_type = 0 THEN person.`dateTime`
    WHEN event_type = 1 THEN auction.`dateTime` ELSE bid.`dateTime` END,
  WATERMARK FOR `dateTime` AS `dateTime`
) WITH ('connector' = 'filesystem', 'path' = '/tmp/none', 'format' = 'csv');
CREATE VIEW bid AS
  SELECT bid.auction, bid.bidder, bid.price, bid.channel, bid.url, `dateTime`, bid.extra
  FROM nexmark WHERE event_type = 2;
CREATE TABLE t (
  a INT, b STRING, c BIGINT NOT NULL, d DOUBLE, ts TIMESTAMP(3), WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '/tmp/none', 'format' = 'csv');
CREATE TABLE tl (a INT, b STRING, ts TIMESTAMP_LTZ(3), WATERMARK FOR ts AS ts)
  WITH ('connector' = 'filesystem', 'path' = '/tmp/none', 'format' = 'csv');
CREATE TABLE p (a INT, b STRING, c BIGINT, e DECIMAL(10, 2), PRIMARY KEY (a) NOT ENFORCED)
  WITH ('connector' = 'datagen', 'number-of-rows' = '5');
CREATE VIEW w1 AS SELECT a, window_time AS rt, count(*) AS n
  FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND))
  GROUP BY a, window_start, window_end, window_time;
CREATE TABLE printed (a INT, n BIGINT) WITH ('connector' = 'print');
CREATE TABLE keyed (a INT, n BIGINT, PRIMARY KEY (a) NOT ENFORCED) WITH ('connector' = 'print');
CREATE TABLE dropped (a INT, n BIGINT) WITH ('connector' = 'blackhole');
CREATE TABLE files (a INT, n BIGINT)
  WITH ('connector' = 'filesystem', 'path' = '/tmp/out', 'format' = 'csv');
CREATE TABLE strict (a INT, n INT NOT NULL) WITH ('connector' = 'print');
CREATE TABLE q (id INT, x BIGINT, y STRING)
  WITH ('connector' = 'filesystem', 'path' = '/tmp/none', 'format' = 'csv');
CREATE TABLE r (id INT, x BIGINT, y STRING, PRIMARY KEY (id) NOT ENFORCED)
  WITH ('connector' = 'filesystem', 'path' = '/tmp/none', 'format' = 'csv');
CREATE TABLE i (id INT, x INT, y STRING, ts TIMESTAMP(3), pt AS PROCTIME(),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
  WITH ('connector' = 'filesystem', 'path' = '/tmp/none', 'format' = 'csv');
CREATE TABLE j (id INT, x INT, z STRING, ts TIMESTAMP(3), pt AS PROCTIME(),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
  WITH ('connector' = 'filesystem', 'path' = '/tmp/none', 'format' = 'csv');
CREATE TABLE v (id INT, x INT, z STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND,
  PRIMARY KEY (id) NOT ENFORCED)
  WITH ('connector' = 'filesystem', 'path' = '/tmp/none', 'format' = 'csv');
CREATE VIEW vj AS SELECT a AS id, b AS z, ts FROM
  (SELECT *, ROW_NUMBER() OVER (PARTITION BY a ORDER BY ts DESC) AS n FROM t) WHERE n = 1;
