CREATE TABLE clicks (
  ts TIMESTAMP(3), visitor INT, page STRING, dwell BIGINT, ok BOOLEAN, WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/clicks.json', 'format' = 'json');
