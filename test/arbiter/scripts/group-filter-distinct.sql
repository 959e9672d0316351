-- tables: orders
SELECT region, COUNT(*) FILTER (WHERE quantity > 1), SUM(amount) FILTER (WHERE product = 'pen') FROM orders GROUP BY region;
SELECT region, COUNT(DISTINCT customer), SUM(DISTINCT quantity), COUNT(DISTINCT product) FILTER (WHERE quantity > 1) FROM orders GROUP BY region;
SELECT customer, COUNT(DISTINCT quantity), AVG(DISTINCT quantity) FROM orders GROUP BY customer;
SELECT DISTINCT region, product FROM orders;
SELECT DISTINCT quantity FROM orders;
