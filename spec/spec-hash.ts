/** The tables in spec/ that this code was made from; the addon carries the same. */
export const SPEC_HASH = 'ad8635e870417ed6';
