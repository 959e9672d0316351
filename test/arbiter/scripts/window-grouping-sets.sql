-- tables: orders, clicks
SELECT window_start, window_end, visitor, page, GROUPING(visitor), GROUPING_ID(visitor, page), COUNT(*), SUM(dwell), COUNT(visitor) FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, CUBE (visitor, page);
SELECT window_start, page, COUNT(*), COUNT(DISTINCT visitor) FROM TABLE(HOP(TABLE clicks, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '20' SECOND)) GROUP BY window_start, window_end, ROLLUP (page);
SELECT window_end, visitor, page, MAX(dwell), GROUP_ID() FROM TABLE(CUMULATE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '30' SECOND)) GROUP BY window_start, window_end, GROUPING SETS ((visitor), (page), ());
SELECT window_start, window_time, visitor, COUNT(*) FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '20' SECOND)) GROUP BY GROUPING SETS ((window_start, window_end, window_time, visitor), (window_start, window_end, window_time));
SELECT window_start, visitor, COUNT(*) FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '20' SECOND)) WHERE dwell > 10 GROUP BY GROUPING SETS ((window_start, window_end, visitor), (visitor));
SELECT window_start, window_end, COUNT(*) FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '20' SECOND)) GROUP BY ROLLUP (window_start, window_end);
SELECT window_start, page, COUNT(DISTINCT window_end) FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '20' SECOND)) GROUP BY window_start, window_end, ROLLUP (page);
SELECT page, COUNT(*) FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '20' SECOND)) WHERE window_start < TIMESTAMP '2030-01-01 00:00:00' GROUP BY window_start, window_end, ROLLUP (page);
SELECT window_start, total, COUNT(*) FROM (SELECT window_start, window_end, visitor, COUNT(*) AS total FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '20' SECOND)) GROUP BY window_start, window_end, visitor) GROUP BY window_start, window_end, ROLLUP (total);
SELECT window_end, COUNT(*) FROM TABLE(HOP(TABLE clicks, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '20' SECOND)) GROUP BY window_end;
SELECT window_start, window_time, SUM(dwell) FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '20' SECOND)) GROUP BY window_start, window_time;
SELECT page, COUNT(*) FROM TABLE(CUMULATE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '30' SECOND)) GROUP BY window_start, page;
SELECT visitor, page, COUNT(*) FROM TABLE(SESSION(TABLE clicks PARTITION BY visitor, DESCRIPTOR(ts), INTERVAL '5' SECOND)) GROUP BY window_start, window_end, GROUPING SETS ((visitor, page), (visitor));
SELECT visitor, COUNT(*) FROM clicks GROUP BY TUMBLE(ts, INTERVAL '10' SECOND), ROLLUP (visitor);
