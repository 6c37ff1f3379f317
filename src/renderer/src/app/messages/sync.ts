/** Texts of the LiteLLM sync screen. */
export const syncMessages = {};
