-- tables: orders
SELECT id, customer, ts FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY customer ORDER BY ts) AS r FROM orders) WHERE r = 1;
SELECT id, customer, ts FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY customer ORDER BY ts DESC) AS r FROM orders) WHERE r = 1;
SELECT id, region, product FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY region, product ORDER BY ts DESC) AS r FROM orders) WHERE r = 1;
SELECT COUNT(*), SUM(id) FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY product ORDER BY ts DESC) AS r FROM orders) WHERE r = 1;
