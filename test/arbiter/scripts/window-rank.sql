-- tables: orders
SELECT * FROM (SELECT customer, window_start, window_end, COUNT(*) AS n, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY COUNT(*) DESC, customer) AS r FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '3' MINUTES)) GROUP BY customer, window_start, window_end) WHERE r <= 2;
SELECT id, amount, window_start FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY amount DESC) AS r FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '2' MINUTES))) WHERE r <= 3;
SELECT id, region, r FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end, region ORDER BY price DESC, id) AS r FROM TABLE(HOP(TABLE orders, DESCRIPTOR(ts), INTERVAL '2' MINUTES, INTERVAL '4' MINUTES))) WHERE r = 1;
SELECT id, region FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end, region ORDER BY ts DESC) AS r FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '2' MINUTES))) WHERE r = 1;
