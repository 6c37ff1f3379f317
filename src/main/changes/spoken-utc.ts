/** `2026-12-31T23:59:59.000000Z` as `2026-12-31 23:59:59 UTC`: whoever looks in another zone reads the same instant. */
export const spokenUtc = (instant: string): string => `${instant.slice(0, 19).replace('T', ' ')} UTC`;
