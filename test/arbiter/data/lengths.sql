CREATE TABLE lengths (
  i INT, a CHAR(3), b VARCHAR(2), c BINARY(3), d VARBINARY(2), r ROW<c CHAR(3), v VARCHAR(2)>,
  l ARRAY<VARCHAR(2)>, m MAP<STRING, CHAR(2)>
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/lengths.json', 'format' = 'json');
