/** The tables in spec/ that this code was made from; the addon carries the same. */
export const SPEC_HASH = '6f61ece6426a76b8';
