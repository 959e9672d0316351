-- tables: orders
SELECT n, COUNT(*) FROM (SELECT customer, COUNT(*) AS n FROM orders GROUP BY customer) GROUP BY n;
SELECT SUM(total), MAX(total), MIN(total), COUNT(DISTINCT n) FROM (SELECT product, SUM(amount) AS total, COUNT(*) AS n FROM orders GROUP BY product);
SELECT n, MAX(customer), MIN(customer), AVG(total) FROM (SELECT customer, COUNT(*) AS n, SUM(quantity) AS total FROM orders GROUP BY customer) GROUP BY n;
SELECT customer, n * 2 FROM (SELECT customer, COUNT(*) AS n FROM orders GROUP BY customer) WHERE n > 3;
SELECT COUNT(*) FROM (SELECT region, product, MAX(price) AS p FROM orders GROUP BY region, product) WHERE p > 9;
