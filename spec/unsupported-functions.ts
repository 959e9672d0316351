/**
 * Scalar functions of Flink that millrace has not: calling one is MR2102, not an unknown name.
 * A name leaves this list when it gets its row in spec/functions.ts.
 */
export const UNSUPPORTED_FUNCTIONS: readonly string[] = [
  'BITMAP_AND', 'BITMAP_ANDNOT', 'BITMAP_BUILD', 'BITMAP_CARDINALITY', 'BITMAP_FROM_BYTES',
  'BITMAP_OR', 'BITMAP_TO_ARRAY', 'BITMAP_TO_BYTES', 'BITMAP_TO_STRING', 'BITMAP_XOR',
  'CURRENT_DATABASE', 'CURRENT_WATERMARK', 'DECODE', 'ELT', 'ENCODE', 'GROUPING', 'GROUPING_ID',
  'GROUP_ID', 'HASH_CODE', 'INET_ATON', 'INET_NTOA', 'IS_ALPHA', 'IS_DECIMAL', 'IS_DIGIT',
  'OBJECT_OF', 'OBJECT_UPDATE', 'PARSE_JSON', 'PERCENTILE', 'PRINTF', 'RAND', 'RAND_INTEGER',
  'REGEXP_EXTRACT_ALL', 'NOT SIMILAR TO', 'SOURCE_WATERMARK', 'SPLIT', 'STR_TO_MAP',
  'TRY_PARSE_JSON', 'TYPEOF', 'UUID',
];
