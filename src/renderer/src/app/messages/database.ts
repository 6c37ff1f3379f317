/** Texts of the database screen. */
export const databaseMessages = {};
