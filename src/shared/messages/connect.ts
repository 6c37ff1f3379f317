/** Texts of connecting to a server and editing workspaces. */
export const connectMessages = {};
