/**
 * Scalar functions of Flink that millrace has not: calling one is MR2102, not an unknown name.
 * A name leaves this list when it gets its row in spec/functions.ts.
 */
export const UNSUPPORTED_FUNCTIONS: readonly string[] = [
  'BITMAP_AND', 'BITMAP_ANDNOT', 'BITMAP_BUILD', 'BITMAP_CARDINALITY', 'BITMAP_FROM_BYTES',
  'BITMAP_OR', 'BITMAP_TO_ARRAY', 'BITMAP_TO_BYTES', 'BITMAP_TO_STRING', 'BITMAP_XOR',
  'OBJECT_OF', 'OBJECT_UPDATE', 'PARSE_JSON', 'PERCENTILE', 'NOT SIMILAR TO',
  'TRY_PARSE_JSON',
];
