-- tables: moments
-- Equal to a time, a text that is none is NULL; in an order and among IN it is an error.
SELECT ts = s, s <> ts, d = s, t = s FROM moments;
SELECT ts IS DISTINCT FROM s, s IS NOT DISTINCT FROM d FROM moments;
SELECT CASE ts WHEN s THEN 'same' ELSE 'other' END FROM moments;
SELECT COUNT(*) FROM moments WHERE ts = s OR t = s;
SELECT ts < s FROM moments;
SELECT ts IN ('2020-01-01 00:00:00', '2020-01-02') FROM moments;
SELECT d NOT IN ('2020-01-01', '2020-01-02') FROM moments;
SELECT ts IN ('2020-01-01 00:00:00', s) FROM moments;
SELECT n IN ('1', '2') FROM moments;
SELECT n IN ('1', 'x') FROM moments;
SELECT s IN (ts, d) FROM moments;
SELECT INSTR(s, '', -2), INSTR(s, '', 2), ELEMENT(ARRAY[n]), -CAST(5 AS BIGINT) FROM moments;
SELECT TO_DATE(s, 'yyyyMMddHHmmssSSS'), UNIX_TIMESTAMP(s, 'yyyyMMddHHmmssSSS') FROM moments;
