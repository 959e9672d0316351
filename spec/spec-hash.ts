/** The tables in spec/ that this code was made from; the addon carries the same. */
export const SPEC_HASH = '45566f6fc8cc003c';
