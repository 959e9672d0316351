-- tables: orders
SELECT /*+ STATE_TTL('orders' = '1 d') */ product, COUNT(*) AS n FROM orders GROUP BY product;
SELECT /*+ STATE_TTL('a' = '1 d', 'b' = '2 d') */ COUNT(*) AS n FROM orders AS a JOIN orders AS b ON a.id = b.id;
SELECT /*+ STATE_TTL('v' = '1 h') */ DISTINCT product FROM (SELECT product FROM orders) AS v;
SELECT /*+ state_ttl(orders = '1 d') */ id FROM orders WHERE id < 4;
SELECT /*+ STATE_TTL('default_catalog.default_database.orders' = '0 s') */ COUNT(*) FROM orders;
SELECT /*+ STATE_TTL('orders' = '1 d', 'orders' = '2 d') */ COUNT(*) FROM orders;
SELECT /*+ STATE_TTL('nope' = '1 d') */ COUNT(*) FROM orders;
SELECT /*+ STATE_TTL('ORDERS' = '1 d') */ COUNT(*) FROM orders;
SELECT /*+ STATE_TTL('orders' = 'nonsense') */ COUNT(*) FROM orders;
SELECT /*+ STATE_TTL('orders' = '-1 d') */ COUNT(*) FROM orders;
SELECT /*+ STATE_TTL('orders') */ COUNT(*) FROM orders;
SELECT /*+ STATE_TTL() */ COUNT(*) FROM orders;
SELECT /*+ STATE_TTL('a' = '1 d', 'c' = '2 d') */ COUNT(*) AS n FROM orders AS a JOIN orders AS b ON a.id = b.id;
