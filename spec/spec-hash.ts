/** The tables in spec/ that this code was made from; the addon carries the same. */
export const SPEC_HASH = '7671ac58f0dd33c0';
