CREATE TABLE moments (
  ts TIMESTAMP(3), d DATE, t TIME(0), s STRING, n INT
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/moments.json', 'format' = 'json');
