/** The tables in spec/ that this code was made from; the addon carries the same. */
export const SPEC_HASH = 'a03125a5c3322a55';
