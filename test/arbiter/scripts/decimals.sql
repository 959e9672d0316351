-- tables: orders
SELECT id, amount * price, amount + quantity, amount / quantity, amount - price FROM orders;
SELECT CAST(1 AS DECIMAL(38, 10)) / CAST(3 AS DECIMAL(38, 10)), CAST(2 AS DECIMAL(5, 2)) / CAST(3 AS DECIMAL(4, 1));
SELECT 1.0 / 0.3, 10.0 * 0.001;
SELECT 0.1 + 0.2, 1.10 * 2.20, 7 / 2, 7.0 / 2, 7 / 2.0, -7 / 2, -7 % 3, 7.5 % 2;
SELECT ROUND(2.345, 2), ROUND(-2.345, 1), ROUND(amount, 1), ROUND(amount), ABS(amount), SIGN(amount) FROM orders;
SELECT CEIL(amount), FLOOR(amount), CEIL(price), FLOOR(price), TRUNCATE(amount, 1) FROM orders;
SELECT 1.0 / 0;
SELECT CAST(1 AS DECIMAL(10, 2)) / CAST(0 AS DECIMAL(10, 2));
SELECT id FROM orders WHERE amount > 50.005 OR amount = 12.1;
