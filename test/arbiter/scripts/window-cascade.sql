-- tables: orders
CREATE TEMPORARY VIEW minutes AS SELECT window_start AS s, window_end AS e, window_time AS rt, region, SUM(amount) AS total, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, window_time, region;
SELECT * FROM minutes;
SELECT window_start, window_end, SUM(total), SUM(n) FROM TABLE(TUMBLE(TABLE minutes, DESCRIPTOR(rt), INTERVAL '3' MINUTES)) GROUP BY window_start, window_end;
SELECT s, e, SUM(total), COUNT(*) FROM minutes GROUP BY s, e;
SELECT region, MAX(total) FROM minutes GROUP BY region;
