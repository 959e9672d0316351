CREATE TABLE computed (
  ts_text STRING, visitor INT, dwell BIGINT, seconds AS dwell / 1000, ts AS TO_TIMESTAMP(ts_text),
  half AS visitor / 2, WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/texts.json', 'format' = 'json');
SELECT * FROM computed;
SELECT window_start, SUM(seconds) FROM TABLE(TUMBLE(TABLE computed, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;
SELECT half, COUNT(*) FROM computed GROUP BY half;
DESCRIBE computed;
