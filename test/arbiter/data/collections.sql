CREATE TABLE collections (
  id INT, arr ARRAY<STRING>, rs ARRAY<ROW<p INT, q STRING>>, ms MULTISET<STRING>,
  m MAP<STRING, INT>, aa ARRAY<ARRAY<INT>>, rw ROW<xs ARRAY<INT>, w2 INT>
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/collections.json', 'format' = 'json');
