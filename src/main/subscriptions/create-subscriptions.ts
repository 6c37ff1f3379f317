import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ChangeFinding } from '../../shared/contract/changes';
import type { Contract } from '../../shared/contract/index';
import { mostSubscribedModels, mostSubscribers } from '../../shared/contract/subscriptions';
import { AppError } from '../../shared/errors';
import { previewChange } from '../changes/preview';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import type { Handler } from '../router/handlers';
import { linkedProxy } from '../workspace/console-settings';
import {
  type HeldSubscription,
  heldStatuses,
  imageOfTerms,
  pairsOfSubscribers,
  wishForSubscription,
} from './new-subscriptions';
import { subscriptionsChange } from './subscriptions-change';

const shownExamples = 20;
const mostFindings = 50;

/**
 * What subscribing people to models would do. Who has a subscription already keeps it, and is named.
 * @throws AppError `validation` where there are too many of either.
 */
export const previewCreate: Handler<Contract['subscriptions']['previewCreate']> = (
  { userIds, modelIds, terms },
  { signal, workspace },
) => {
  const [people, models] = [new Set(userIds).size, new Set(modelIds).size];
  if (people > mostSubscribers || models > mostSubscribedModels) {
    throw new AppError(
      'validation',
      say('changes.subscriptions.tooMany', { people: mostSubscribers, models: mostSubscribedModels }),
      { hint: say('changes.subscriptions.tooManyHint') },
    );
  }
  return workspace.database.read(signal, async (connection) => {
    const { free, held } = await pairsOfSubscribers(connection, userIds, modelIds);
    const image = await imageOfTerms(connection, terms);
    const wishes = free.map((pair) => wishForSubscription(pair, image));
    const { create } = subscriptionsChange.actions;
    const preview = await previewChange(connection, workspace, subscriptionsChange, create, wishes);
    const isHeard =
      wishes.length > 0 && terms.status === 'active' && (await linkedProxy(connection)) !== null;
    const findings = [
      ...(await goneFindings(connection, userIds, modelIds)),
      ...heldFindings(held),
      ...(isHeard ? [finding('info', say('changes.subscriptions.newInLitellm'))] : []),
    ];
    return { ...preview, findings: [...findings, ...preview.findings].slice(0, mostFindings) };
  });
};

const finding = (severity: ChangeFinding['severity'], text: string): ChangeFinding => ({
  ...{ severity, text, count: 0, examples: [] },
});

/** Who has one, by how it stands: an active one is what was wished, any other has a way of its own. */
function heldFindings(held: readonly HeldSubscription[]): ChangeFinding[] {
  return heldStatuses.flatMap((status): ChangeFinding[] => {
    const those = held.filter((each) => each.status === status);
    if (those.length === 0) return [];
    const examples = those.slice(0, shownExamples).map(({ id, label }) => ({ id, label }));
    const severity = status === 'active' ? 'info' : 'warning';
    const text = say(`changes.subscriptions.has.${status}`);
    return [{ severity, text, count: those.length, examples, area: 'subscriptions' }];
  });
}

const goneRow = z.strictObject({ users: z.int(), models: z.array(z.string()) });

async function goneFindings(
  { select }: Connection,
  userIds: readonly string[],
  modelIds: readonly string[],
): Promise<ChangeFinding[]> {
  const [gone] = await select(
    goneRow,
    sql`
    SELECT (SELECT count(DISTINCT w.id)::int FROM unnest(${sql.param([...userIds])}::uuid[]) AS w (id)
        WHERE NOT EXISTS (SELECT FROM ${from('users', 'u')} WHERE u.id = w.id)) AS users,
      ARRAY(SELECT DISTINCT w.id FROM unnest(${sql.param([...modelIds])}::text[]) AS w (id)
        WHERE NOT EXISTS (SELECT FROM ${from('models', 'm')} WHERE m.id = w.id) ORDER BY 1) AS models`,
  );
  const { users = 0, models = [] } = gone ?? {};
  return [
    ...(users > 0 ? [finding('warning', say('changes.subscriptions.usersGone', { count: users }))] : []),
    ...(models.length > 0
      ? [finding('warning', say('changes.subscriptions.modelsGone', { names: models.join(', ') }))]
      : []),
  ];
}
