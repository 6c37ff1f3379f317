/** Texts of the model catalogue. */
export const modelsMessages = {};
