/** The tables in spec/ that this code was made from; the addon carries the same. */
export const SPEC_HASH = 'dc7bb37fd4c372c5';
