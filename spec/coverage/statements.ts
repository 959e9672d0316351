/** SQL statements. */
import { rows, type CoverageRow } from './row.js';

const OUT = `WITH ('connector' = 'blackhole')`;

export const STATEMENT_ROWS: readonly CoverageRow[] = [
  ...rows('S-001', {
    'CREATE TABLE: computed columns, watermark, primary key, comment': `CREATE TABLE c1 (
      a INT, b AS a + 1, ts TIMESTAMP(3) COMMENT 'time', WATERMARK FOR ts AS ts,
      PRIMARY KEY (a) NOT ENFORCED) COMMENT 'c' ${OUT}`,
    'metadata columns': [[
      `CREATE TABLE c2 (i INT, p STRING NOT NULL METADATA FROM 'file.path' VIRTUAL) WITH (
        'connector' = 'filesystem', 'path' = '{file}', 'format' = 'json')`,
      'SELECT i, p FROM c2']],
    'PARTITIONED BY': `CREATE TABLE c3 (a INT, p STRING) PARTITIONED BY (p) ${OUT}`,
    'DISTRIBUTED BY': `CREATE TABLE c4 (a INT) DISTRIBUTED BY HASH(a) INTO 4 BUCKETS ${OUT}`,
    'CREATE TEMPORARY TABLE': `CREATE TEMPORARY TABLE c5 (a INT) ${OUT}`,
  }),
  ...rows('S-002', {
    'CREATE TABLE .. LIKE':
      'CREATE TABLE c6 (z INT) LIKE f (EXCLUDING WATERMARKS INCLUDING OPTIONS)',
  }),
  ...rows('S-003', { 'CREATE TABLE .. AS SELECT': `CREATE TABLE c7 ${OUT} AS SELECT i FROM f` }),
  ...rows('S-004', {
    'REPLACE TABLE .. AS SELECT': `CREATE OR REPLACE TABLE c8 ${OUT} AS SELECT i FROM f`,
  }),
  ...rows('S-005', {
    'CREATE MATERIALIZED TABLE': `CREATE MATERIALIZED TABLE mt FRESHNESS = INTERVAL '1' MINUTE
      AS SELECT i FROM f`,
  }),
  ...rows('S-006', {
    'CREATE CATALOG': `CREATE CATALOG cat1 WITH ('type' = 'generic_in_memory')`,
    'CREATE DATABASE': 'CREATE DATABASE db1',
    'CREATE VIEW': 'CREATE VIEW v1 AS SELECT i FROM f',
  }),
  ...rows('S-007', { 'CREATE FUNCTION': `CREATE TEMPORARY FUNCTION fn1 AS 'a.B'` }),
  ...rows('S-008', {
    'CREATE MODEL': `CREATE MODEL m1 INPUT (a STRING) OUTPUT (b STRING)
      WITH ('provider' = 'openai')`,
  }),
  ...rows('S-010', {
    'ALTER TABLE ADD / MODIFY / DROP column': [
      ['CREATE TABLE alt1 (a INT) ' + OUT, 'ALTER TABLE alt1 ADD (b INT FIRST)',
        'ALTER TABLE alt1 MODIFY b BIGINT', 'ALTER TABLE alt1 DROP b']],
    'ALTER TABLE RENAME, SET, RESET': [
      [`CREATE TABLE alt2 (a INT) ${OUT}`, `ALTER TABLE alt2 SET ('x' = 'y')`,
        `ALTER TABLE alt2 RESET ('x')`, 'ALTER TABLE alt2 RENAME TO alt3']],
    'ALTER TABLE ADD PARTITION': [
      [`CREATE TABLE alt4 (a INT, p INT) PARTITIONED BY (p) ${OUT}`,
        'ALTER TABLE alt4 ADD PARTITION (p = 1)']],
  }),
  ...rows('S-011', { 'ALTER MATERIALIZED TABLE': 'ALTER MATERIALIZED TABLE mt SUSPEND' }),
  ...rows('S-012', {
    'ALTER VIEW': [['CREATE VIEW av AS SELECT i FROM f', 'ALTER VIEW av AS SELECT n FROM f']],
    'ALTER DATABASE': [['CREATE DATABASE ad', `ALTER DATABASE ad SET ('a' = 'b')`]],
    'ALTER CATALOG': [[`CREATE CATALOG ac WITH ('type' = 'generic_in_memory')`,
      `ALTER CATALOG ac COMMENT 'c'`]],
  }),
  ...rows('S-013', {
    'DROP TABLE, VIEW, DATABASE, CATALOG': [
      [`CREATE TABLE dt (a INT) ${OUT}`, 'DROP TABLE dt'],
      ['CREATE VIEW dv AS SELECT i FROM f', 'DROP VIEW dv'],
      ['CREATE DATABASE dd', 'DROP DATABASE dd CASCADE']],
  }),
  ...rows('S-014', {
    'INSERT INTO .. SELECT': 'INSERT INTO out_plain SELECT i, n FROM f',
    'INSERT INTO .. VALUES': 'INSERT INTO out_plain VALUES (1, 2)',
    'INSERT with a column list': 'INSERT INTO out_plain (n) SELECT n FROM f',
    'INSERT into a static PARTITION': [[
      `CREATE TABLE ip (a INT, p INT) PARTITIONED BY (p) ${OUT}`,
      'INSERT INTO ip PARTITION (p = 1) SELECT i FROM f']],
  }),
  ...rows('S-015', {
    'INSERT .. ON CONFLICT DO DEDUPLICATE':
      'INSERT INTO out_keyed SELECT n2, i FROM (SELECT i, CAST(n AS INT) AS n2 FROM agg) ' +
      'ON CONFLICT DO DEDUPLICATE',
  }),
  ...rows('S-016', {
    'STATEMENT SET': `EXECUTE STATEMENT SET BEGIN INSERT INTO out_plain SELECT i, n FROM f;
      INSERT INTO out_plain SELECT i, n FROM g; END`,
  }),
  ...rows('S-017', {
    'UPDATE / DELETE / TRUNCATE TABLE': ['UPDATE out_keyed SET n = 1', 'DELETE FROM out_keyed',
      'TRUNCATE TABLE out_keyed'],
  }),
  ...rows('S-018', {
    'EXPLAIN': 'EXPLAIN SELECT i FROM f',
    'EXPLAIN CHANGELOG_MODE': 'EXPLAIN CHANGELOG_MODE SELECT i FROM f',
    'EXPLAIN ESTIMATED_COST': 'EXPLAIN ESTIMATED_COST SELECT i FROM f',
    'EXPLAIN JSON_EXECUTION_PLAN': 'EXPLAIN JSON_EXECUTION_PLAN SELECT i FROM f',
    'EXPLAIN PLAN_ADVICE': 'EXPLAIN PLAN_ADVICE SELECT i FROM f',
  }),
  ...rows('S-019', {
    'COMPILE PLAN / EXECUTE PLAN': [[
      `COMPILE PLAN '{file}.plan' IF NOT EXISTS FOR INSERT INTO out_plain SELECT i, n FROM f`,
      `EXECUTE PLAN '{file}.plan'`]],
    'COMPILE AND EXECUTE PLAN':
      `COMPILE AND EXECUTE PLAN '{file}.both' FOR INSERT INTO out_plain SELECT i, n FROM f`,
  }),
  ...rows('S-020', {
    'DESCRIBE TABLE': 'DESCRIBE f',
    'DESCRIBE CATALOG': [[`CREATE CATALOG dc WITH ('type' = 'generic_in_memory')`,
      'DESCRIBE CATALOG dc', 'DESCRIBE CATALOG EXTENDED dc']],
    'DESCRIBE DATABASE': 'DESCRIBE DATABASE default_database',
    'DESCRIBE FUNCTION': 'DESCRIBE FUNCTION `upper`',
  }),
  ...rows('S-021', {
    'SHOW CATALOGS, DATABASES, TABLES, VIEWS': ['SHOW CATALOGS', 'SHOW DATABASES', 'SHOW TABLES',
      'SHOW VIEWS', 'SHOW CURRENT CATALOG', 'SHOW CURRENT DATABASE', `SHOW TABLES LIKE 'f%'`],
    'SHOW COLUMNS': 'SHOW COLUMNS FROM f',
    'SHOW CREATE TABLE / VIEW': ['SHOW CREATE TABLE f', 'SHOW CREATE VIEW agg'],
    'SHOW FUNCTIONS': 'SHOW FUNCTIONS',
    'SHOW MODULES': 'SHOW FULL MODULES',
    'SHOW PARTITIONS': [[`CREATE TABLE sp (a INT, p INT) PARTITIONED BY (p) ${OUT}`,
      'SHOW PARTITIONS sp']],
    'SHOW PROCEDURES': 'SHOW PROCEDURES',
    'SHOW MODELS': 'SHOW MODELS',
    'SHOW JARS': 'SHOW JARS',
    'SHOW JOBS': 'SHOW JOBS',
  }),
  ...rows('S-022', {
    'USE CATALOG / USE / USE MODULES': ['USE CATALOG default_catalog', 'USE default_database',
      'USE MODULES core'],
  }),
  ...rows('S-023', { 'LOAD / UNLOAD MODULE': 'UNLOAD MODULE core' }),
  ...rows('S-024', {
    'SET / RESET': [`SET 'table.local-time-zone' = 'UTC'`, `RESET 'table.local-time-zone'`],
  }),
  ...rows('S-025', { 'ADD JAR / REMOVE JAR': `ADD JAR '/a.jar'` }),
  ...rows('S-026', { 'STOP JOB': `STOP JOB '0123456789abcdef0123456789abcdef'` }),
  ...rows('S-027', { 'CALL': 'CALL `system`.generate_n(4)' }),
  ...rows('S-028', { 'ANALYZE TABLE': 'ANALYZE TABLE f COMPUTE STATISTICS' }),
  ...rows('S-029', {
    'Lexical rules': ["SELECT U&'\\0041', E'a\\tb', `i` FROM f -- comment",
      'SELECT /* a */ i FROM f'],
  }),
];
