import type { ChangeFinding } from '../../shared/contract/changes';
import { grouped } from '../../shared/grouped';
import type { RecordFinding } from '../changes/change';
import type { ChangedPart } from '../changes/judge';
import type { Connection } from '../postgres/database';
import { subscriptionNames } from '../subscriptions/subscription-names';
import { rulesOfEach } from '../subscriptions/subscription-rules';
import { findingAbout } from './model-use-findings';

/**
 * What speaks against subscriptions that an undo opens again, as where each is opened by itself.
 * @param isReopened which of the parts are such.
 * @param ignored texts that are none of it here.
 */
export async function reopenedFindings(
  connection: Connection,
  parts: readonly ChangedPart[],
  isReopened: (part: ChangedPart) => boolean,
  ignored: readonly string[] = [],
): Promise<ChangeFinding[]> {
  const reopened = parts.filter(isReopened);
  if (reopened.length === 0) return [];
  const records = reopened.map((part) => ({ ...part, label: part.id }));
  const found = await rulesOfEach(connection, records);
  const names = await subscriptionNames(
    connection,
    reopened.map(({ id, before, after }) => ({ id, image: { ...before, ...after } })),
  );
  return saidTogether(found, names, ignored);
}

/** Findings of single records, those that say the same together, by the names of the records. */
export function saidTogether(
  found: ReadonlyMap<string, readonly RecordFinding[]>,
  names: ReadonlyMap<string, string>,
  ignored: readonly string[] = [],
): ChangeFinding[] {
  const said = [...found].flatMap(([id, findings]) =>
    findings.map((finding) => ({ ...finding, id, label: names.get(id) ?? id })),
  );
  const byText = grouped(
    said.filter(({ text }) => !ignored.includes(text)),
    ({ severity, text }) => `${severity} ${text}`,
  );
  return [...byText.values()].flatMap((same) => {
    const [first] = same;
    return first === undefined ? [] : findingAbout(first.severity, first.text, same);
  });
}
