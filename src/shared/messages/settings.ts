/** Texts of settings and About. */
export const settingsMessages = {};
