-- tables: orders, clicks
SELECT id, ts, CURRENT_WATERMARK(ts) FROM orders;
SELECT id FROM orders WHERE CURRENT_WATERMARK(ts) IS NULL OR ts > CURRENT_WATERMARK(ts);
SELECT page, TIMESTAMPDIFF(SECOND, CURRENT_WATERMARK(ts), ts) FROM clicks WHERE visitor > 1;
SELECT window_start, MAX(w) FROM (SELECT *, CURRENT_WATERMARK(window_time) AS w FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '10' SECOND))) GROUP BY window_start, window_end;
SELECT window_start, COUNT(*), CURRENT_WATERMARK(window_time) FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, window_time;
SELECT visitor, COUNT(CURRENT_WATERMARK(ts)) FROM clicks GROUP BY visitor;
SELECT CURRENT_WATERMARK(CAST(ts AS TIMESTAMP(3))) FROM clicks;
SELECT CURRENT_WATERMARK(PROCTIME()) FROM clicks;
SELECT CURRENT_WATERMARK() FROM clicks;
SELECT CURRENT_WATERMARK(dwell) FROM clicks;
SELECT SOURCE_WATERMARK() FROM clicks;
CREATE TABLE own (ts TIMESTAMP(3), page STRING, WATERMARK FOR ts AS SOURCE_WATERMARK()) WITH ('connector' = 'filesystem', 'path' = '${DATA}/clicks.json', 'format' = 'json');
DESCRIBE own;
SELECT * FROM own;
CREATE TABLE tuned (ts TIMESTAMP(3), page STRING, WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem', 'path' = '${DATA}/clicks.json', 'format' = 'json', 'scan.watermark.emit.strategy' = 'on-event', 'scan.watermark.idle-timeout' = '1 min', 'scan.watermark.alignment.group' = 'g', 'scan.watermark.alignment.max-drift' = '1 min', 'scan.watermark.alignment.update-interval' = '1 s');
SELECT * FROM tuned;
CREATE TABLE mistyped (ts TIMESTAMP(3), page STRING, WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem', 'path' = '${DATA}/clicks.json', 'format' = 'json', 'scan.watermark.emit.strategy' = 'at-times');
SELECT * FROM mistyped;
