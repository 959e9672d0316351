/** Data types, each as a column of a query. */
import { rows, type CoverageRow } from './row.js';

const casts = (type: string, from = 'NULL'): string => `SELECT CAST(${from} AS ${type}) FROM f`;

export const TYPE_ROWS: readonly CoverageRow[] = [
  ...rows('T-001', {
    'CHAR(n), VARCHAR(n), STRING': [casts('CHAR(3)', 's'), casts('VARCHAR(3)', 's')],
  }),
  ...rows('T-002', {
    'BINARY(n), VARBINARY(n), BYTES': [casts('BINARY(3)', 's'), casts('VARBINARY(3)', 's'),
      casts('BYTES', 's')],
  }),
  ...rows('T-003', { BOOLEAN: casts('BOOLEAN', 's') }),
  ...rows('T-004', {
    'TINYINT, SMALLINT, INT, BIGINT': [casts('TINYINT', 's'), casts('SMALLINT', 's'),
      casts('BIGINT', 'i')],
  }),
  ...rows('T-005', { 'FLOAT, DOUBLE': [casts('FLOAT', 's'), casts('DOUBLE', 's')] }),
  ...rows('T-006', { 'DECIMAL(p, s)': [casts('DECIMAL(38, 10)', 's')] }),
  ...rows('T-007', { DATE: casts('DATE', 's') }),
  ...rows('T-008', { 'TIME(p)': casts('TIME(0)', 's') }),
  ...rows('T-009', { 'TIMESTAMP(p)': [casts('TIMESTAMP(0)', 's'), casts('TIMESTAMP(9)', 's')] }),
  ...rows('T-010', { 'TIMESTAMP_LTZ(p)': casts('TIMESTAMP_LTZ(3)', 's') }),
  ...rows('T-011', { 'TIMESTAMP WITH TIME ZONE': casts('TIMESTAMP(3) WITH TIME ZONE', 's') }),
  ...rows('T-012', {
    'INTERVAL YEAR TO MONTH, DAY TO SECOND': [`SELECT INTERVAL '1-2' YEAR TO MONTH FROM f`,
      `SELECT INTERVAL '1 02:03:04.5' DAY TO SECOND FROM f`],
  }),
  ...rows('T-013', {
    ARRAY: casts('ARRAY<BIGINT>', 'a'),
    MAP: casts('MAP<STRING, BIGINT>', 'm'),
    ROW: casts('ROW<a BIGINT, b STRING>', 'r'),
    MULTISET: 'SELECT COLLECT(i) FROM f',
  }),
  ...rows('T-014', { 'STRUCTURED types': `SELECT OBJECT_OF('a.B', 'c', 1) FROM f` }),
  ...rows('T-015', { VARIANT: 'SELECT PARSE_JSON(s) FROM f' }),
  ...rows('T-016', { BITMAP: 'SELECT BITMAP_BUILD(a) FROM f' }),
  ...rows('T-017', { 'NULL': 'SELECT CAST(NULL AS INT) FROM f' }),
  ...rows('T-018', {
    'NOT NULL of columns': [[`CREATE TABLE nn (a INT NOT NULL) WITH ('connector' = 'blackhole')`,
      'INSERT INTO nn SELECT i FROM f']],
    'NOT NULL inside rows': [[`CREATE TABLE nr (r ROW<p INT NOT NULL, q STRING> NOT NULL)
      WITH ('connector' = 'blackhole')`, 'INSERT INTO nr SELECT r FROM f']],
  }),
  ...rows('T-019', {
    'CAST and TRY_CAST': ['SELECT TRY_CAST(s AS INT), CAST(i AS STRING), CAST(ts AS DATE) FROM f'],
    'casts of rows, arrays and maps to STRING': 'SELECT CAST(r AS STRING), CAST(a AS STRING) FROM f',
  }),
  ...rows('T-020', {
    'implicit casts and common types': ['SELECT CASE WHEN b THEN i ELSE x END, n + d FROM f',
      'SELECT i FROM f UNION ALL SELECT n FROM f'],
  }),
];
