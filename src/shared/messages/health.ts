/** Texts of schema health. */
export const healthMessages = {};
