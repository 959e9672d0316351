CREATE TABLE merges (
  k INT, t STRING, n INT, d DOUBLE, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/merges.json', 'format' = 'json');
