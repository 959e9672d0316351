-- tables: orders
SELECT region, product, COUNT(*) FROM orders GROUP BY GROUPING SETS ((region), (product), ());
SELECT region, product, SUM(quantity) FROM orders GROUP BY ROLLUP (region, product);
