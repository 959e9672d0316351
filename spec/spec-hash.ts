/** The tables in spec/ that this code was made from; the addon carries the same. */
export const SPEC_HASH = '0b85dd03268764ed';
