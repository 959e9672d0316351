-- tables: orders
SELECT id, CASE WHEN quantity > 1 THEN 'many' WHEN quantity = 1 THEN 'one' END FROM orders;
SELECT id, CASE product WHEN 'pen' THEN 1 WHEN 'ink' THEN 2 ELSE 0 END FROM orders;
SELECT id, CASE WHEN quantity = 1 THEN 0 ELSE 10 / (quantity - 1) END FROM orders;
SELECT id, CASE WHEN id > 0 THEN id ELSE id / 0 END FROM orders;
SELECT id, COALESCE(quantity, id, 10 / (id - id)) FROM orders;
SELECT id, COALESCE(customer, region), IFNULL(customer, 'none'), NULLIF(product, 'pen') FROM orders;
SELECT id, IF(quantity > 2, 'big', 'small') FROM orders;
SELECT id FROM orders WHERE quantity > 1 AND 10 / (quantity - 1) > 3;
SELECT id, 10 / (quantity - quantity) FROM orders;
SELECT id, CASE WHEN id > 1000 THEN CAST(product AS INT) ELSE id END FROM orders;
