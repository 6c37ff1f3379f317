/**
 * What stands in `oauth_id`, which is NOT NULL, while nobody knows a person's id at the identity provider: no provider
 * gives such an id, so that nobody can sign in by it.
 */
export function unknownSignIn(userId: string): string {
  return `unknown:${userId}`;
}

/** Whether an id at an identity provider stands for one that is not known. */
export function isUnknownSignIn(oauthId: string): boolean {
  return /^unknown:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/.test(oauthId);
}
