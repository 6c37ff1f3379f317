/** Texts of browsing and read-only SQL. */
export const sqlTexts = {};
