-- tables: orders
SELECT id, customer, quantity * 2 AS twice, -quantity AS negated, price / 3 AS third FROM orders;
SELECT id + quantity, id - 1, id * id, id / 7, id % 7, MOD(id, 5) FROM orders;
SELECT id, amount + 1, amount * 2, amount - 0.005, amount / 3, amount * amount FROM orders;
SELECT id FROM orders WHERE quantity > 1 AND price < 10 OR customer = 'ann';
SELECT * FROM orders WHERE region = 'north' AND NOT (quantity = 1);
