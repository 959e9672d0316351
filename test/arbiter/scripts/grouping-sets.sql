-- tables: orders
SELECT region, product, COUNT(*) FROM orders GROUP BY GROUPING SETS ((region), (product), ());
SELECT region, product, SUM(quantity) FROM orders GROUP BY ROLLUP (region, product);
SELECT region, product, COUNT(*), GROUPING(region), GROUPING(product), GROUPING_ID(region, product), GROUPING_ID(product), GROUP_ID() FROM orders GROUP BY GROUPING SETS ((region), (product), ());
SELECT region, COUNT(*), GROUPING(region), GROUPING_ID(region), GROUP_ID() FROM orders GROUP BY region;
SELECT region, product, COUNT(*), GROUPING(region, product) FROM orders GROUP BY CUBE (region, product) HAVING GROUPING(region) = 0;
SELECT region, product, COUNT(*) AS n, CASE GROUPING_ID(region, product) WHEN 0 THEN 'both' WHEN 3 THEN 'all' ELSE 'one' END AS what FROM orders GROUP BY ROLLUP (region, product);
SELECT region, GROUPING(product) FROM orders GROUP BY region;
SELECT GROUPING(region) FROM orders;
SELECT region, GROUPING(UPPER(region)) FROM orders GROUP BY region;
SELECT region, product, COUNT(*), GROUPING_ID() FROM orders GROUP BY CUBE (region, product);
