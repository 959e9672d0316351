-- Three million real US flights of early 2001, in event time: hourly and daily windows per
-- airport, and the ten airports that were worst on each day.

CREATE TABLE flights (
  `date` TIMESTAMP(3),
  delay BIGINT,
  distance BIGINT,
  origin STRING,
  destination STRING,
  WATERMARK FOR `date` AS `date` - INTERVAL '1' MINUTE
) WITH (
  'connector' = 'filesystem',
  'path' = 'node_modules/vega-datasets/data/flights-3m.parquet',
  'format' = 'parquet'
);

CREATE VIEW hourly AS
SELECT
  origin, window_start AS hour_start, window_time AS hour_time,
  COUNT(*) AS flights,
  SUM(delay) AS total_delay,
  MIN(delay) AS best_delay,
  MAX(delay) AS worst_delay,
  AVG(distance) AS average_distance,
  COUNT(*) FILTER (WHERE delay > 15) AS delayed
FROM TABLE(TUMBLE(TABLE flights, DESCRIPTOR(`date`), INTERVAL '1' HOUR))
GROUP BY origin, window_start, window_end, window_time;

CREATE VIEW daily AS
SELECT
  origin, window_start, window_end,
  COUNT(*) AS flights,
  AVG(CAST(delay AS DOUBLE)) AS average_delay,
  MIN(delay) AS best_delay,
  MAX(delay) AS worst_delay,
  SUM(distance) AS miles,
  COUNT(*) FILTER (WHERE delay > 15) AS delayed
FROM TABLE(TUMBLE(TABLE flights, DESCRIPTOR(`date`), INTERVAL '1' DAY))
GROUP BY origin, window_start, window_end;

-- The whole country day by day, from the hourly windows.
SELECT
  window_start AS `day`,
  SUM(flights) AS flights,
  SUM(delayed) AS delayed,
  SUM(total_delay) / SUM(flights) AS average_delay,
  MAX(worst_delay) AS worst_delay,
  COUNT(*) AS airport_hours
FROM TABLE(TUMBLE(TABLE hourly, DESCRIPTOR(hour_time), INTERVAL '1' DAY))
GROUP BY window_start, window_end;

-- One airport hour by hour on one day.
SELECT hour_start AS `hour`, flights, delayed, total_delay / flights AS average_delay
FROM hourly
WHERE origin = 'ORD'
  AND hour_start >= TIMESTAMP '2001-02-09 00:00:00'
  AND hour_start < TIMESTAMP '2001-02-10 00:00:00';

-- The ten worst airports of each day, kept up to date while the day's results come in.
SELECT window_start AS `day`, `rank`, origin, flights, average_delay, worst_delay
FROM (
  SELECT *, ROW_NUMBER() OVER (
    PARTITION BY window_start ORDER BY average_delay DESC, origin ASC) AS `rank`
  FROM daily
  WHERE flights >= 100
)
WHERE `rank` <= 10;
