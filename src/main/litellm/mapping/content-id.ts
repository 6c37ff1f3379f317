import { createHash } from 'node:crypto';

/** A name for something that has none that may be shown or kept. */
export function contentId(content: string): string {
  return `sha256:${createHash('sha256').update(content, 'utf8').digest('hex')}`;
}
