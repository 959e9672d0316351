SET 'table.local-time-zone' = 'Asia/Shanghai';
CREATE TABLE instants (
  ts TIMESTAMP_LTZ(3), visitor INT, WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/instants.json', 'format' = 'json');
SELECT ts, visitor, CAST(ts AS STRING), CAST(ts AS DATE) FROM instants;
SELECT window_start, window_end, COUNT(*) FROM TABLE(TUMBLE(TABLE instants, DESCRIPTOR(ts), INTERVAL '1' DAY)) GROUP BY window_start, window_end;
SELECT window_start, window_time, COUNT(*) FROM TABLE(TUMBLE(TABLE instants, DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY window_start, window_end, window_time;
