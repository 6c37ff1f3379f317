/**
 * The nonce of this page, put there by the host with each answer. Emotion and the grid hand it to their style
 * elements, so that the policy needs no `unsafe-inline`. Absent only where no policy is served.
 */
export const cspNonce: string | undefined =
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce || undefined;
