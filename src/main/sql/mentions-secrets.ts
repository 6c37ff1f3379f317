import { holdsSecrets } from '../masking/secret-columns';
import { namesIn } from './statement-text';

/**
 * Whether a statement names a column or a field (`doc->>'api_key'`) that holds secrets. What it computes may then be
 * one, and the server's sentences may quote one.
 */
export function mentionsSecrets(statement: string): boolean {
  return holdsSecrets(namesIn(statement));
}
