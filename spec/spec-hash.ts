/** The tables in spec/ that this code was made from; the addon carries the same. */
export const SPEC_HASH = '8d5c51085244499c';
