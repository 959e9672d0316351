-- tables: orders
SELECT customer, COUNT(*) AS n FROM orders GROUP BY customer HAVING COUNT(*) > 5;
SELECT customer, SUM(amount) AS total FROM orders GROUP BY customer HAVING SUM(amount) > 200 AND MIN(quantity) = 1;
SELECT product FROM orders GROUP BY product HAVING MAX(price) > 50;
SELECT UPPER(region), COUNT(*) FROM orders GROUP BY UPPER(region);
SELECT quantity > 1, COUNT(*) FROM orders GROUP BY quantity > 1;
