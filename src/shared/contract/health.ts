export const healthContract = {};
