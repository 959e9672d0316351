CREATE TABLE types (
  b BOOLEAN, ti TINYINT, si SMALLINT, i INT, bi BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(20, 4),
  s STRING, bin BYTES, dt DATE, tm TIME(0), ts TIMESTAMP(6), ar ARRAY<INT>,
  rw ROW<x INT, y STRING>, mp MAP<STRING, INT>
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/types.json', 'format' = 'json');
