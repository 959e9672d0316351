-- tables: orders
SELECT /*+ BROADCAST(o) */ o.product, COUNT(*) AS n FROM orders AS o GROUP BY o.product;
SELECT /*+ SHUFFLE_HASH(a), NEST_LOOP(b) */ COUNT(*) AS n FROM orders AS a JOIN orders AS b ON a.id = b.id;
SELECT /*+ BROADCAST(nothing) */ COUNT(*) FROM orders AS o;
SELECT /*+ BROADCAST() */ COUNT(*) FROM orders AS o;
SELECT /*+ NOPE(o) */ COUNT(*) FROM orders AS o;
SELECT CURRENT_DATABASE() AS d;
DESCRIBE FUNCTION `upper`;
SELECT /*+ BROADCAST(nothing) */ COUNT(*) FROM orders AS a JOIN orders AS b ON a.id = b.id;
