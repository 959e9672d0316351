-- tables: orders
SELECT customer, COUNT(*), COUNT(quantity), COUNT(price) FROM orders GROUP BY customer;
SELECT COUNT(*), COUNT(customer) FROM orders;
SELECT COUNT(*) FROM orders WHERE id > 1000;
SELECT customer, COUNT(*) FROM orders WHERE id > 1000 GROUP BY customer;
SELECT product, region, COUNT(*) FROM orders GROUP BY product, region;
SELECT COUNT(DISTINCT customer), COUNT(DISTINCT product) FROM orders;
