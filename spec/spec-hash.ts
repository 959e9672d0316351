/** The tables in spec/ that this code was made from; the addon carries the same. */
export const SPEC_HASH = 'ea23d8d110d6bff9';
