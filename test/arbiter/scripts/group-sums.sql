-- tables: orders
SELECT customer, SUM(quantity), SUM(amount), SUM(price), AVG(quantity), AVG(amount), AVG(price) FROM orders GROUP BY customer;
SELECT region, MIN(amount), MAX(amount), MIN(customer), MAX(customer), MIN(ts), MAX(ts) FROM orders GROUP BY region;
SELECT SUM(quantity), AVG(quantity), MIN(quantity) FROM orders WHERE id > 1000;
SELECT product, SUM(quantity * amount), SUM(amount) / COUNT(*) FROM orders GROUP BY product;
SELECT quantity, SUM(1), SUM(id) + 1 FROM orders GROUP BY quantity;
