/** The tables in spec/ that this code was made from; the addon carries the same. */
export const SPEC_HASH = '337273f0bc5ee6bf';
