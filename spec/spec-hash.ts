/** The tables in spec/ that this code was made from; the addon carries the same. */
export const SPEC_HASH = '567645a9b94ee151';
