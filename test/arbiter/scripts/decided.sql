-- tables: orders
SELECT id, id > 3 OR TRUE, id > 3 AND FALSE FROM orders;
SELECT id, 1 / (id - id) > 0 OR TRUE, 1 / (id - id) > 0 AND FALSE FROM orders;
SELECT id FROM orders WHERE 1 / (id - id) > 0 OR 1 < 2;
SELECT id FROM orders WHERE 1 / (id - id) > 0 AND 1 > 2;
SELECT id, 1 / (id - id) > 0 OR ('616263' IS JSON VALUE) FROM orders;
SELECT id, CASE WHEN 1 / (id - id) > 0 OR TRUE THEN 'a' ELSE 'b' END FROM orders;
SELECT id, NOT (1 / (id - id) > 0 AND FALSE) FROM orders;
SELECT id, TRUNCATE(CAST(price AS FLOAT), 1), TRUNCATE(CAST(price AS FLOAT) - CAST(0.1 AS FLOAT), 1), TRUNCATE(CAST(price AS FLOAT), 2) FROM orders;
SELECT id, ROUND(CAST(price AS FLOAT), 1), ROUND(CAST(price AS FLOAT) - CAST(0.05 AS FLOAT), 1) FROM orders;
SELECT id, TRUNCATE(CAST(amount AS FLOAT), -1), TRUNCATE(CAST(amount AS FLOAT)) FROM orders;
