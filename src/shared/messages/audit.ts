/** Texts of the audit log. */
export const auditMessages = {};
