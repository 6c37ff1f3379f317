import type { ChangeFinding } from '../../shared/contract/changes';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { linkedProxy } from '../workspace/console-settings';
import { readModelUses } from './model-uses';

const shownNames = 20;

type Named = readonly { readonly id: string; readonly label: string }[];

/** The first names, and that there are more. */
export const namesOf = (named: Named): string =>
  [...named.slice(0, shownNames).map(({ label }) => label), ...(named.length > shownNames ? ['…'] : [])].join(
    ', ',
  );

/** Something to say about some records, by the first of their names. */
export function findingAbout(
  severity: ChangeFinding['severity'],
  text: string,
  about: Named,
): ChangeFinding[] {
  if (about.length === 0) return [];
  const examples = about.slice(0, shownNames).map(({ id, label }) => ({ id, label }));
  return [{ severity, text, count: about.length, examples }];
}

/** How it is said what becomes of those who use models, each with how many there are and the first names. */
interface UseTexts {
  readonly open: (of: Counted) => string;
  readonly pending: (of: Counted) => string;
  /** Keys that have no other model. */
  readonly alone: (of: Counted) => string;
  readonly others: (of: Counted) => string;
}

const switchedOff: UseTexts = {
  open: (of) => say('changes.models.subscribed', of),
  pending: (of) => say('changes.models.pending', of),
  alone: (of) => say('changes.models.keysAlone', of),
  others: (of) => say('changes.models.keysOthers', of),
};

/**
 * Whom it hits that models are no longer offered.
 * @param texts what becomes of them; by default their keys and subscriptions stay as they are.
 */
export async function modelUseFindings(
  connection: Connection,
  ids: readonly string[],
  texts: UseTexts = switchedOff,
): Promise<ChangeFinding[]> {
  if (ids.length === 0) return [];
  const { subscriptions, keys, keysOfAll } = await readModelUses(connection, ids);
  const open = subscriptions.filter(({ status }) => status !== 'pending');
  const pending = subscriptions.filter(({ status }) => status === 'pending');
  const alone = keys.filter(({ hasOthers }) => !hasOthers);
  const others = keys.filter(({ hasOthers }) => hasOthers);
  const isLinked = (await linkedProxy(connection)) !== null;
  return [
    ...(isLinked
      ? [{ ...general, severity: 'warning' as const, text: say('changes.models.worksThere') }]
      : []),
    ...findingAbout('warning', texts.open(countOf(open)), open),
    ...findingAbout('warning', texts.pending(countOf(pending)), pending),
    ...findingAbout('warning', texts.alone(countOf(alone)), alone),
    ...findingAbout('info', texts.others(countOf(others)), others),
    ...(keysOfAll > 0
      ? [
          {
            ...general,
            severity: 'info' as const,
            text: say('changes.models.keysOfAll', { count: keysOfAll }),
          },
        ]
      : []),
  ];
}

/** About no record by itself. */
export const general = { count: 0, examples: [] };

// A type, not an interface: values of a text are any record.
type Counted = { readonly count: number; readonly names: string };

const countOf = (named: Named): Counted => ({
  count: named.length,
  names: namesOf(named),
});
