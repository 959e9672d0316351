-- Statements of every kind, one a line, each headed by its name.
-- create_table
CREATE TABLE bid (auction BIGINT, bidder BIGINT, price BIGINT, extra ROW<a INT, b ARRAY<STRING>>, m MAP<STRING, INT>, proc AS PROCTIME(), `dateTime` TIMESTAMP(3), meta_ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL, WATERMARK FOR `dateTime` AS `dateTime` - INTERVAL '4' SECOND, PRIMARY KEY (auction) NOT ENFORCED) PARTITIONED BY (bidder) WITH ('connector' = 'kafka', 'topic' = 'bids', 'format' = 'json');
-- create_like
CREATE TABLE t2 WITH ('a'='b') LIKE bid (INCLUDING ALL OVERWRITING OPTIONS);
-- ctas
CREATE TABLE t3 WITH ('connector'='print') AS SELECT auction, COUNT(*) AS c FROM bid GROUP BY auction;
-- tumble_tvf
SELECT window_start, window_end, auction, COUNT(*) AS num FROM TABLE(TUMBLE(TABLE bid, DESCRIPTOR(`dateTime`), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, auction;
-- hop_tvf_named
SELECT * FROM TABLE(HOP(DATA => TABLE bid, TIMECOL => DESCRIPTOR(`dateTime`), SLIDE => INTERVAL '2' SECOND, SIZE => INTERVAL '10' SECOND));
-- cumulate
SELECT window_start, SUM(price) FROM TABLE(CUMULATE(TABLE bid, DESCRIPTOR(`dateTime`), INTERVAL '2' MINUTES, INTERVAL '10' MINUTES)) GROUP BY GROUPING SETS ((window_start, auction), (window_start));
-- session_tvf
SELECT * FROM TABLE(SESSION(TABLE bid PARTITION BY bidder, DESCRIPTOR(`dateTime`), INTERVAL '5' MINUTES));
-- legacy_tumble
SELECT bidder, TUMBLE_START(`dateTime`, INTERVAL '10' SECOND), COUNT(*) FROM bid GROUP BY bidder, TUMBLE(`dateTime`, INTERVAL '10' SECOND);
-- temporal_join
SELECT o.id, o.price * r.rate FROM orders AS o LEFT JOIN currency_rates FOR SYSTEM_TIME AS OF o.order_time AS r ON o.currency = r.currency;
-- interval_join
SELECT * FROM A JOIN B ON A.id = B.id AND A.ts BETWEEN B.ts - INTERVAL '5' MINUTE AND B.ts + INTERVAL '5' MINUTE;
-- match_recognize
SELECT * FROM Ticker MATCH_RECOGNIZE (PARTITION BY symbol ORDER BY rowtime MEASURES START_ROW.rowtime AS start_tstamp, LAST(PRICE_DOWN.rowtime) AS bottom_tstamp, AVG(PRICE_UP.price) AS ap ONE ROW PER MATCH AFTER MATCH SKIP TO LAST PRICE_UP PATTERN (START_ROW PRICE_DOWN+ PRICE_UP{1,3}?) WITHIN INTERVAL '1' HOUR DEFINE PRICE_DOWN AS (LAST(PRICE_DOWN.price, 1) IS NULL AND PRICE_DOWN.price < START_ROW.price) OR PRICE_DOWN.price < LAST(PRICE_DOWN.price, 1), PRICE_UP AS PRICE_UP.price > LAST(PRICE_DOWN.price, 1)) MR;
-- topn_over
SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY auction ORDER BY price DESC, `dateTime` ASC) AS rn FROM bid) WHERE rn <= 10;
-- over_range
SELECT bidder, AVG(price) OVER (PARTITION BY bidder ORDER BY `dateTime` RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW) FROM bid;
-- window_clause
SELECT SUM(price) OVER w, COUNT(*) OVER w FROM bid WINDOW w AS (PARTITION BY bidder ORDER BY `dateTime` ROWS BETWEEN 10 PRECEDING AND CURRENT ROW);
-- lateral
SELECT a, t.word FROM src, LATERAL TABLE(split(a)) AS t(word);
-- lateral_left
SELECT a, word FROM src LEFT JOIN LATERAL TABLE(split(a)) AS t(word) ON TRUE;
-- unnest
SELECT o.id, t.x FROM orders o CROSS JOIN UNNEST(o.items) AS t(x);
-- stmt_set
EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT * FROM s; INSERT INTO b SELECT * FROM s; END;
-- stmt_set2
BEGIN STATEMENT SET; INSERT INTO a SELECT * FROM s; INSERT INTO b SELECT * FROM s; END;
-- insert_partial
INSERT INTO sink (a, b) SELECT a, b FROM src /*+ OPTIONS('scan.startup.mode'='earliest-offset') */;
-- insert_overwrite
INSERT OVERWRITE sink PARTITION (dt='2020') SELECT a FROM src;
-- state_ttl_hint
SELECT /*+ STATE_TTL('o'='1d','c'='20d') */ * FROM orders o JOIN customers c ON o.cid = c.id;
-- create_model
CREATE MODEL m INPUT (text STRING) OUTPUT (label STRING) WITH ('provider'='openai','task'='classification');
-- ml_predict
SELECT * FROM ML_PREDICT(TABLE t, MODEL m, DESCRIPTOR(text));
-- ml_predict_tbl
SELECT * FROM TABLE(ML_PREDICT(TABLE t, MODEL m, DESCRIPTOR(text)));
-- vector_search
SELECT * FROM q, LATERAL TABLE(VECTOR_SEARCH(TABLE vt, DESCRIPTOR(emb), q.e, 10));
-- create_view
CREATE TEMPORARY VIEW v AS SELECT * FROM bid WHERE MOD(auction, 123) = 0;
-- create_function
CREATE TEMPORARY SYSTEM FUNCTION f AS 'com.x.F' LANGUAGE JAVA USING JAR 'a.jar';
-- materialized_table
CREATE MATERIALIZED TABLE mt PARTITIONED BY (ds) FRESHNESS = INTERVAL '30' SECOND AS SELECT * FROM bid;
-- create_catalog
CREATE CATALOG c WITH ('type'='jdbc');
-- analyze_explain
EXPLAIN ESTIMATED_COST, CHANGELOG_MODE, JSON_EXECUTION_PLAN SELECT * FROM bid;
-- set_stmt
SET 'table.exec.state.ttl' = '1 h';
-- json_fn
SELECT JSON_VALUE(x, '$.a' RETURNING INT DEFAULT 0 ON ERROR), JSON_OBJECT('k' VALUE 1 NULL ON NULL), x IS JSON FROM t;
-- case_agg_filter
SELECT bidder, COUNT(*) FILTER (WHERE price < 10000) AS r1, COUNT(DISTINCT auction) AS d, LISTAGG(channel, ',') FROM bid GROUP BY bidder HAVING COUNT(*) > 1;
-- cte_union
WITH a AS (SELECT 1 AS x), b AS (SELECT 2 AS x) SELECT * FROM a UNION ALL SELECT * FROM b;
-- semi
SELECT * FROM a WHERE id IN (SELECT id FROM b) AND EXISTS (SELECT 1 FROM c WHERE c.id = a.id);
-- window_join
SELECT L.num, R.num FROM (SELECT * FROM TABLE(TUMBLE(TABLE l, DESCRIPTOR(rt), INTERVAL '5' MINUTES))) L FULL JOIN (SELECT * FROM TABLE(TUMBLE(TABLE r, DESCRIPTOR(rt), INTERVAL '5' MINUTES))) R ON L.num = R.num AND L.window_start = R.window_start AND L.window_end = R.window_end;
-- row_time
SELECT CAST(ROW(1,'a') AS ROW<x INT, y STRING>).x, TIMESTAMPDIFF(DAY, a, b), EXTRACT(HOUR FROM ts), DATE_FORMAT(ts,'yyyy'), ARRAY[1,2][1], MAP['a',1]['a'], TRY_CAST(a AS INT), ts AT TIME ZONE 'UTC' FROM t;
-- delta_join_ptf
SELECT * FROM MyPtf(input => TABLE t PARTITION BY id, uid => 'x');
-- alter
ALTER TABLE bid ADD (x INT AFTER price, WATERMARK FOR ts AS ts - INTERVAL '1' SECOND);
-- distributed
CREATE TABLE d (id INT) DISTRIBUTED BY HASH(id) INTO 4 BUCKETS WITH ('connector'='kafka');
