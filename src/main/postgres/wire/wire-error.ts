import { AppError } from '../../../shared/errors';
import { type MainText, say } from '../../kernel/say';

type WireText = MainText extends infer Text
  ? Text extends `connection.wire.${infer Name}`
    ? Name
    : never
  : never;

/** A server said what PostgreSQL does not say at this moment: the connection ends with this. */
export function wireError(
  text: WireText,
  values: Readonly<Record<string, string>> = {},
  { reason = 'protocol', hint = 'hint' }: { readonly reason?: string; readonly hint?: WireText } = {},
): AppError {
  return new AppError('db_server', say(`connection.wire.${text}`, values), {
    hint: say(`connection.wire.${hint}`),
    details: { reason },
  });
}
