-- tables: orders
SELECT nothing FROM orders;
SELECT * FROM nowhere;
SELECT customer, COUNT(*) FROM orders;
SELECT id + customer FROM orders WHERE customer;
SELECT UNKNOWN_FUNCTION(id) FROM orders;
SELECT CAST(product AS INT) FROM orders;
SELECT 10 / (id - 3) FROM orders;
SELECT COUNT(*) FROM orders WHERE COUNT(*) > 1;
SELECT window_start FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(id), INTERVAL '1' MINUTE));
