CREATE TABLE quick (n INT, ts AS TIMESTAMPADD(SECOND, n * 4, TIMESTAMP '2020-01-01 00:00:00.000'), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen', 'number-of-rows' = '5', 'fields.n.kind' = 'sequence', 'fields.n.start' = '1', 'fields.n.end' = '5');
CREATE TABLE slow (n INT, ts AS TIMESTAMPADD(SECOND, n * 4, TIMESTAMP '2020-01-01 00:00:00.000'), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen', 'number-of-rows' = '2', 'rows-per-second' = '1', 'fields.n.kind' = 'sequence', 'fields.n.start' = '1', 'fields.n.end' = '2');
SELECT TUMBLE_END(ts, INTERVAL '10' SECOND) AS e, COUNT(*) AS c FROM (SELECT * FROM quick UNION ALL SELECT * FROM slow) GROUP BY TUMBLE(ts, INTERVAL '10' SECOND);
SET 'table.exec.source.idle-timeout' = '200 ms';
SELECT TUMBLE_END(ts, INTERVAL '10' SECOND) AS e, COUNT(*) AS c FROM (SELECT * FROM quick UNION ALL SELECT * FROM slow) GROUP BY TUMBLE(ts, INTERVAL '10' SECOND);
SELECT a.n, b.n, a.window_end FROM (SELECT * FROM TABLE(TUMBLE(TABLE quick, DESCRIPTOR(ts), INTERVAL '10' SECOND))) a LEFT JOIN (SELECT * FROM TABLE(TUMBLE(TABLE slow, DESCRIPTOR(ts), INTERVAL '10' SECOND))) b ON a.n = b.n AND a.window_start = b.window_start AND a.window_end = b.window_end;
SELECT TUMBLE_END(ts, INTERVAL '10' SECOND) AS e, COUNT(*) AS c FROM slow GROUP BY TUMBLE(ts, INTERVAL '10' SECOND);
SELECT * FROM slow /*+ OPTIONS('scan.watermark.idle-timeout' = '5 min') */;
