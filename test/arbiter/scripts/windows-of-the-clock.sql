-- tables: orders, clicks
CREATE VIEW timed AS SELECT *, PROCTIME() AS p FROM clicks;
SELECT visitor, COUNT(*) FROM TABLE(TUMBLE(TABLE timed, DESCRIPTOR(p), INTERVAL '1' DAY)) WHERE window_end > window_start GROUP BY visitor;
SELECT visitor, page, COUNT(*) FROM TABLE(HOP(TABLE timed, DESCRIPTOR(p), INTERVAL '1' DAY, INTERVAL '3' DAY)) GROUP BY visitor, page;
SELECT page, window_end > window_start, window_time >= p FROM TABLE(TUMBLE(TABLE timed, DESCRIPTOR(p), INTERVAL '7' DAY));
SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE timed, DESCRIPTOR(p), INTERVAL '99' DAY)) GROUP BY window_start, window_end;
SELECT window_start, window_end, window_time, COUNT(*) FROM TABLE(CUMULATE(TABLE timed, DESCRIPTOR(p), INTERVAL '30' DAY, INTERVAL '90' DAY)) GROUP BY window_start, window_end, window_time;
SELECT visitor, window_start FROM TABLE(SESSION(TABLE timed PARTITION BY visitor, DESCRIPTOR(p), INTERVAL '1' DAY));
SELECT window_start, COUNT(*) FROM TABLE(SESSION(TABLE timed PARTITION BY visitor, DESCRIPTOR(p), INTERVAL '1' DAY)) GROUP BY window_start, window_end;
SELECT TUMBLE_START(p, INTERVAL '99' DAY), TUMBLE_PROCTIME(p, INTERVAL '99' DAY), COUNT(*) FROM timed GROUP BY TUMBLE(p, INTERVAL '99' DAY);
SELECT visitor, HOP_END(p, INTERVAL '30' DAY, INTERVAL '90' DAY), SUM(dwell) FROM timed GROUP BY visitor, HOP(p, INTERVAL '30' DAY, INTERVAL '90' DAY);
SELECT COUNT(*) FROM clicks GROUP BY TUMBLE(PROCTIME(), INTERVAL '99' DAY);
SELECT TUMBLE_ROWTIME(p, INTERVAL '99' DAY), COUNT(*) FROM timed GROUP BY TUMBLE(p, INTERVAL '99' DAY);
SELECT SUM(n) FROM (SELECT visitor, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE timed, DESCRIPTOR(p), INTERVAL '99' DAY)) GROUP BY visitor, window_start);
SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE timed, DESCRIPTOR(p), INTERVAL '1' DAY)) WHERE window_start > TIMESTAMP '2020-01-01 00:00:00' GROUP BY window_start, window_end;
SELECT * FROM (SELECT visitor, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY dwell) AS n FROM TABLE(TUMBLE(TABLE timed, DESCRIPTOR(p), INTERVAL '1' DAY))) WHERE n <= 2;
SELECT * FROM (SELECT visitor, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY p) AS n FROM TABLE(TUMBLE(TABLE timed, DESCRIPTOR(p), INTERVAL '1' DAY))) WHERE n = 1;
SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY n) AS r FROM (SELECT window_start, window_end, visitor, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE timed, DESCRIPTOR(p), INTERVAL '99' DAY)) GROUP BY window_start, window_end, visitor)) WHERE r = 1;
SELECT a.page FROM TABLE(TUMBLE(TABLE timed, DESCRIPTOR(p), INTERVAL '1' DAY)) AS a JOIN TABLE(TUMBLE(TABLE timed, DESCRIPTOR(p), INTERVAL '1' DAY)) AS b ON a.page = b.page AND a.window_start = b.window_start AND a.window_end = b.window_end;
