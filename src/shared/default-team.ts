/** The team every user belongs to (schema document, "Default Team Migration"). */
export const defaultTeamId = 'a0000000-0000-4000-8000-000000000001';
