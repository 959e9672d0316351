/** The tables in spec/ that this code was made from; the addon carries the same. */
export const SPEC_HASH = 'cc0c5b94b696c74f';
