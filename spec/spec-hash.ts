/** The tables in spec/ that this code was made from; the addon carries the same. */
export const SPEC_HASH = '58ec0c4b412ede63';
