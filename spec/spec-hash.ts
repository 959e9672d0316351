/** The tables in spec/ that this code was made from; the addon carries the same. */
export const SPEC_HASH = '1a54a12617a6c11e';
