/** The tables in spec/ that this code was made from; the addon carries the same. */
export const SPEC_HASH = '2b52c1a7a8e224c0';
