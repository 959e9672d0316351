/** The tables in spec/ that this code was made from; the addon carries the same. */
export const SPEC_HASH = 'e861daba5e3935f9';
