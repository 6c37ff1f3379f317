/** How many real requests the demo's trace has. */
export const demoRequests = 28_185;
