/** Stands in the built index.html wherever a nonce belongs; hosts replace it in each answer. */
export const noncePlaceholder = '__CSP_NONCE__';

/**
 * The page's Content-Security-Policy, the same on the desktop and in browser mode: own files only, no inline
 * script or style without this answer's nonce, no eval, no frames, no plugins, nothing from a network.
 * `nonce` is base64 and fresh for each answer. Style attributes are left to the CSSOM, which a policy allows.
 */
export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');
}
