/** The tables in spec/ that this code was made from; the addon carries the same. */
export const SPEC_HASH = 'd0516dfdb762c10e';
