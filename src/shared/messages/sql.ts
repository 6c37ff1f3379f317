/** Texts of read-only SQL. */
export const sqlMessages = {};
