-- Interval joins: bounds of the condition, outer joins, output times, and what is none.
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE orders (
  ts TIMESTAMP(3), id INT, customer STRING, product STRING, quantity INT, p AS PROCTIME(),
  WATERMARK FOR ts AS ts - INTERVAL '1' DAY
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/orders.json', 'format' = 'json');
CREATE TABLE shipped (
  ts TIMESTAMP(3), id INT, customer STRING, region STRING, q AS PROCTIME(),
  WATERMARK FOR ts AS ts - INTERVAL '1' DAY
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/orders.json', 'format' = 'json');
SELECT o.id, s.id, s.region, o.ts FROM orders o JOIN shipped s ON o.customer = s.customer AND o.ts BETWEEN s.ts - INTERVAL '4' SECOND AND s.ts;
SELECT o.id, s.id FROM orders o LEFT JOIN shipped s ON o.customer = s.customer AND o.id <> s.id AND o.ts > s.ts AND o.ts < s.ts + INTERVAL '5' SECOND;
SELECT o.id, s.id FROM orders o RIGHT JOIN shipped s ON o.product = s.region AND s.ts >= o.ts AND s.ts - INTERVAL '2' SECOND < o.ts + INTERVAL '1' SECOND;
SELECT o.id, s.id FROM orders o FULL JOIN shipped s ON o.customer = s.customer AND o.quantity < s.id AND o.ts = s.ts;
SELECT o.id, s.id FROM orders o FULL JOIN shipped s ON o.id = s.id AND o.ts BETWEEN s.ts + INTERVAL '3' SECOND AND s.ts + INTERVAL '1' SECOND;
SELECT COUNT(*) FROM orders o, shipped s WHERE o.ts BETWEEN s.ts AND s.ts + INTERVAL '1' SECOND;
SELECT window_start, COUNT(*), COUNT(sid) FROM TABLE(TUMBLE((SELECT o.ts, s.id AS sid FROM orders o LEFT JOIN shipped s ON o.customer = s.customer AND o.id <> s.id AND o.ts BETWEEN s.ts - INTERVAL '1' SECOND AND s.ts), DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;
