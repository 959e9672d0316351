-- tables: orders
SELECT region, VAR_POP(price), VAR_SAMP(price), STDDEV_POP(quantity), STDDEV_SAMP(quantity) FROM orders GROUP BY region;
SELECT region, FIRST_VALUE(product), LAST_VALUE(product) FROM orders GROUP BY region;
SELECT region, LISTAGG(product), LISTAGG(product, '|') FROM orders WHERE id < 12 GROUP BY region;
SELECT region, COLLECT(product) FROM orders WHERE id < 6 GROUP BY region;
