-- tables: orders
SELECT customer, n FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY n DESC, customer) AS r FROM (SELECT customer, COUNT(*) AS n FROM orders GROUP BY customer)) WHERE r <= 2;
SELECT customer, n, r FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY n DESC, customer) AS r FROM (SELECT customer, COUNT(*) AS n FROM orders GROUP BY customer)) WHERE r <= 2;
SELECT region, product, total FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY region ORDER BY total DESC, product) AS r FROM (SELECT region, product, SUM(amount) AS total FROM orders GROUP BY region, product)) WHERE r = 1;
SELECT region, product, m, r FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY region ORDER BY m, product) AS r FROM (SELECT region, product, AVG(quantity) AS m FROM orders GROUP BY region, product)) WHERE r <= 2;
