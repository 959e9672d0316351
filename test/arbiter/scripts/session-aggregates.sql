-- tables: orders, clicks
SELECT visitor, window_start, window_end, COUNT(*), SUM(dwell), MIN(page), MAX(page), AVG(dwell) FROM TABLE(SESSION(TABLE clicks PARTITION BY visitor, DESCRIPTOR(ts), INTERVAL '5' SECOND)) GROUP BY visitor, window_start, window_end;
SELECT visitor, window_time, COUNT(DISTINCT page), SUM(DISTINCT dwell), COUNT(*) FILTER (WHERE ok) FROM TABLE(SESSION(TABLE clicks PARTITION BY visitor, DESCRIPTOR(ts), INTERVAL '8' SECOND)) GROUP BY visitor, window_start, window_end, window_time;
SELECT window_start, COUNT(*), STDDEV_POP(dwell), VAR_SAMP(dwell) FROM TABLE(SESSION(TABLE clicks, DESCRIPTOR(ts), INTERVAL '2' SECOND)) GROUP BY window_start, window_end;
SELECT region, product, window_end, SUM(amount), AVG(price), MAX(quantity) FROM TABLE(SESSION(TABLE orders PARTITION BY (region, product), DESCRIPTOR(ts), INTERVAL '30' SECOND)) GROUP BY region, product, window_start, window_end;
SELECT region, COUNT(*), SUM(quantity) FROM TABLE(SESSION(TABLE orders PARTITION BY region, DESCRIPTOR(ts), INTERVAL '10' SECOND)) WHERE quantity > 1 GROUP BY region, window_start, window_end;
SELECT visitor, COUNT(*) FROM TABLE(SESSION(TABLE clicks PARTITION BY visitor, DESCRIPTOR(ts), INTERVAL '5' SECOND)) WHERE dwell > 20 GROUP BY visitor, window_start, window_end;
SELECT visitor, COUNT(*) FROM TABLE(SESSION(TABLE clicks PARTITION BY visitor, DESCRIPTOR(ts), INTERVAL '5' SECOND)) WHERE dwell > 20 AND window_start > TIMESTAMP '2000-01-01 00:00:00' GROUP BY visitor, window_start, window_end;
SELECT visitor, LISTAGG(page), COUNT(*) FROM TABLE(SESSION(TABLE clicks PARTITION BY visitor, DESCRIPTOR(ts), INTERVAL '5' SECOND)) GROUP BY visitor, window_start, window_end;
SELECT visitor, SESSION_START(ts, INTERVAL '5' SECOND), SESSION_END(ts, INTERVAL '5' SECOND), COUNT(*), MAX(dwell) FROM clicks GROUP BY visitor, SESSION(ts, INTERVAL '5' SECOND);
SELECT visitor, COUNT(*), MAX(dwell) FROM clicks WHERE dwell > 20 GROUP BY visitor, SESSION(ts, INTERVAL '5' SECOND) HAVING COUNT(*) > 1;
CREATE VIEW timed AS SELECT *, PROCTIME() AS p FROM clicks;
SELECT visitor, window_start, COUNT(*) FROM TABLE(SESSION(TABLE timed PARTITION BY visitor, DESCRIPTOR(p), INTERVAL '9' DAY)) GROUP BY visitor, window_start, window_end;
SELECT visitor, SESSION_END(p, INTERVAL '9' DAY), COUNT(DISTINCT page) FROM timed GROUP BY visitor, SESSION(p, INTERVAL '9' DAY);
