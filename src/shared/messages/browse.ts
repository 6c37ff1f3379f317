/** Texts of Browse. */
export const browseMessages = {};
