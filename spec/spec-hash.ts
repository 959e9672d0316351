/** The tables in spec/ that this code was made from; the addon carries the same. */
export const SPEC_HASH = 'f534edb47c4aa206';
