-- tables: orders
SELECT product, id, amount FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY product ORDER BY amount DESC) AS r FROM orders) WHERE r <= 3;
SELECT product, id, amount, r FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY product ORDER BY amount DESC) AS r FROM orders) WHERE r <= 3;
SELECT id, amount FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY amount) AS r FROM orders) WHERE r <= 5;
SELECT id, customer, quantity, r FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY region ORDER BY customer DESC, quantity, id) AS r FROM orders) WHERE r < 4;
SELECT id, r FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY region ORDER BY id DESC) AS r FROM orders) WHERE r >= 2 AND r <= 3;
SELECT id, amount FROM orders ORDER BY amount DESC LIMIT 4;
SELECT id, amount FROM orders ORDER BY amount LIMIT 2 OFFSET 2;
