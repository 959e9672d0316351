/** The tables in spec/ that this code was made from; the addon carries the same. */
export const SPEC_HASH = '74e6d23b2f5f7e08';
