/** A domain that can never exist (RFC 2606): the column is NOT NULL, and nobody shall write there. */
export const missingEmailDomain = 'unknown.invalid';

/** Whether an address of the database is the placeholder for a missing one, which no screen shows. */
export function isMissingEmail(email: string): boolean {
  return email.endsWith(`@${missingEmailDomain}`);
}
