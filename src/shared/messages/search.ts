/** Texts of the command palette and the shortcut sheet. */
export const searchMessages = {};
