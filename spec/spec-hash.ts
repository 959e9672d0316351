/** The tables in spec/ that this code was generated from; the addon carries the same. */
export const SPEC_HASH = 'unstamped';
