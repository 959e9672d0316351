/** What other databases call it, for hints: their name of a function or type, and Flink's. */
export const FOREIGN_FUNCTIONS: Readonly<Record<string, string>> = {
  CURDATE: 'CURRENT_DATE', DATEADD: 'TIMESTAMPADD', DATEDIFF: 'TIMESTAMPDIFF',
  DATE_ADD: 'TIMESTAMPADD', DATE_DIFF: 'TIMESTAMPDIFF', DATE_SUB: 'TIMESTAMPADD',
  DATE_TRUNC: 'FLOOR(time TO unit)', GEN_RANDOM_UUID: 'UUID', GETDATE: 'CURRENT_TIMESTAMP',
  GROUP_CONCAT: 'LISTAGG', ISNULL: 'IS NULL or COALESCE', LEN: 'CHAR_LENGTH',
  LENGTH: 'CHAR_LENGTH', NVL: 'COALESCE', STRPOS: 'INSTR', SUBSTRING_INDEX: 'SPLIT_INDEX',
  SYSDATE: 'CURRENT_TIMESTAMP', TO_CHAR: 'DATE_FORMAT', TO_NUMBER: 'CAST', UCASE: 'UPPER',
  LCASE: 'LOWER',
};

export const FOREIGN_TYPES: Readonly<Record<string, string>> = {
  BLOB: 'BYTES', BOOL: 'BOOLEAN', BYTEA: 'BYTES', FLOAT4: 'FLOAT', FLOAT8: 'DOUBLE',
  INT2: 'SMALLINT', INT4: 'INT', INT64: 'BIGINT', INT8: 'BIGINT', JSON: 'STRING', JSONB: 'STRING',
  LONG: 'BIGINT', NUMBER: 'DECIMAL', NVARCHAR: 'STRING', TEXT: 'STRING', TIMESTAMPTZ: 'TIMESTAMP_LTZ',
  VARCHAR2: 'STRING',
};

/** What other databases write inside a statement: a word, or two words or signs side by side. */
export const FOREIGN_SYNTAX: Readonly<Record<string, string>> = {
  '==': 'write =', '::': 'write CAST(value AS type)',
  '->': 'take a field of JSON with JSON_VALUE, of a ROW with a dot, of a MAP with [key]',
  'LIMIT -': 'a number of rows is not negative', STRING_AGG: 'did you mean LISTAGG?',
  ARRAY_CONCAT_AGG: 'did you mean ARRAY_AGG?', 'CREATE STREAM': 'did you mean CREATE TABLE?',
  'REPLACE INTO': 'INSERT INTO a table with a PRIMARY KEY replaces rows',
};

/** Statements of other databases, by their first word. */
export const FOREIGN_STATEMENTS: Readonly<Record<string, string>> = {
  COMMIT: 'there are no transactions: a statement runs until it ends',
  ROLLBACK: 'there are no transactions: a statement runs until it ends',
  GRANT: 'there are no users and rights', REVOKE: 'there are no users and rights',
  MERGE: 'INSERT INTO a table with a PRIMARY KEY updates rows and adds new ones',
};
