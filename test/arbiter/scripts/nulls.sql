-- tables: orders
SELECT id, customer || 'x', quantity + 1, price * 2, COALESCE(price, -1) FROM orders WHERE customer IS NULL OR price IS NULL;
SELECT customer, quantity, COUNT(*) FROM orders GROUP BY customer, quantity;
SELECT quantity, SUM(price), AVG(price), MAX(price) FROM orders WHERE price IS NULL GROUP BY quantity;
SELECT SUM(price), COUNT(price), MIN(customer) FROM orders WHERE customer IS NULL;
SELECT id, amount FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY customer ORDER BY price, id) AS r FROM orders) WHERE r = 1;
SELECT NULL = NULL, NULL <> 1, 1 IN (1, NULL), 2 IN (1, NULL), 2 NOT IN (1, NULL);
