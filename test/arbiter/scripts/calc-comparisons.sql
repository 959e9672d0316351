-- tables: orders
SELECT id FROM orders WHERE quantity BETWEEN 2 AND 3;
SELECT id FROM orders WHERE quantity NOT BETWEEN 2 AND 3;
SELECT id FROM orders WHERE customer IN ('ann', 'bob');
SELECT id FROM orders WHERE customer NOT IN ('ann', 'bob');
SELECT id FROM orders WHERE price IS NULL;
SELECT id FROM orders WHERE customer IS NOT NULL AND customer <> 'ann';
SELECT id, quantity = 1, price > 1.5, customer < 'bob', amount >= 50 FROM orders;
SELECT id, quantity IS DISTINCT FROM 1, customer IS NOT DISTINCT FROM 'ann' FROM orders;
SELECT id FROM orders WHERE product LIKE '_e%' OR customer LIKE '%o%';
SELECT id FROM orders WHERE amount = 9.5 OR amount > 9.5 AND price = 0.1;
