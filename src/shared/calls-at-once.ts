/** Calls that one sender may have under way: a browser's session, or a window of the desktop. A page has a handful. */
export const maxCallsAtOnce = 64;
