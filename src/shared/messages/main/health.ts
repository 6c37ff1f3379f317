/** Texts of schema health: findings, their meaning and repairs. */
export const healthTexts = {};
