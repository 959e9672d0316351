-- tables: orders
CREATE TEMPORARY VIEW big AS SELECT id, customer, amount FROM orders WHERE amount > 50;
CREATE VIEW named (a, b) AS SELECT customer, amount * 2 FROM big;
SELECT * FROM big;
SELECT a, SUM(b) FROM named GROUP BY a;
WITH t AS (SELECT region, amount FROM orders), u AS (SELECT region, COUNT(*) AS n FROM t GROUP BY region) SELECT * FROM u WHERE n > 10;
WITH t (x) AS (SELECT id FROM orders WHERE id < 4) SELECT x FROM t UNION ALL SELECT x + 100 FROM t;
DROP VIEW named;
SELECT * FROM named;
