/** Texts of settings and diagnostics. */
export const settingsTexts = {};
