/** Texts of opening, testing and describing connections. */
export const workspaceTexts = {};
