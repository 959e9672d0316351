-- Standard deviations and variances over rows: Flink has them of sums, in the type of the result.
CREATE TABLE t (id INT, k STRING, v STRING, n INT, d AS n / CAST(8 AS DOUBLE), b AS CAST(id AS BIGINT) * 1000000, dc AS CAST(n * 1.25 AS DECIMAL(10, 2)), p AS PROCTIME()) WITH ('connector'='filesystem','path'='${DATA}/values.json','format'='json');
SELECT id, STDDEV_POP(n) OVER w, VAR_POP(n) OVER w, STDDEV_SAMP(n) OVER w, VAR_SAMP(n) OVER w FROM t WINDOW w AS (ORDER BY p);
SELECT id, STDDEV(d) OVER w, VAR_POP(d) OVER w, VARIANCE(b) OVER w, STDDEV_POP(b) OVER w FROM t WINDOW w AS (PARTITION BY k ORDER BY p);
SELECT id, VAR_POP(dc) OVER w, STDDEV_SAMP(dc) OVER w FROM t WINDOW w AS (ORDER BY p ROWS BETWEEN 2 PRECEDING AND CURRENT ROW);
