import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits, safe in a URL, a header and a cookie. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of a secret: comparing digests takes the same time whatever was sent. */
export function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Compares a secret that was sent with a kept digest in constant time. */
export function matches(sent: string, kept: Buffer): boolean {
  return timingSafeEqual(digestOf(sent), kept);
}
