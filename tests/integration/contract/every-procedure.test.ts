import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changesOfAreas } from '../../../src/main/changes-of-areas';
import { type OwnAction, ownActions } from '../../../src/main/changes/record-change';
import { procedureNames } from '../../../src/shared/contract/names';
import type { RecordedTransaction } from '../../support/recorded-writes';
import { apiKeyCases } from './cases-api-keys';
import { connectionCases } from './cases-connections';
import { inspectionCases } from './cases-inspection';
import { openingCases } from './cases-opening';
import { recordCases } from './cases-records';
import { type Cases, closeWorld, openWorld, takeWrites } from './contract-world';

/**
 * Every procedure of the contract, called over browser mode on a real local database, with an answer whose values
 * this test put there. The cases run in order: later ones stand on earlier ones.
 */
const cases: Cases = {
  ...openingCases,
  ...recordCases,
  ...apiKeyCases,
  ...inspectionCases,
  ...connectionCases,
};

/** What each case wrote, by procedure. */
const written = new Map<string, readonly RecordedTransaction[]>();

beforeAll(openWorld);
afterAll(closeWorld);

describe('the contract, over browser mode', () => {
  it('has a case for every procedure, and no other', () => {
    const all = Object.entries(procedureNames).flatMap(([area, procedures]) =>
      Object.keys(procedures).map((name) => `${area}.${name}`),
    );
    expect(Object.keys(cases).sort()).toEqual(all.sort());
  });

  for (const [name, run] of Object.entries(cases)) {
    it(name, async () => {
      await run();
      written.set(name, await takeWrites());
    });
  }

  it('writes nothing without its row in the journal and its line in the audit log, but for what is exempt', () => {
    expect(writesThat(({ inJournal, inAudit }) => !inJournal || !inAudit)).toEqual(exempt);
  });

  it('writes no rows of other tables than docs/changes.md says, but for what deletions take along', () => {
    const changes = [...written.values()].flat().filter(({ inJournal }) => inJournal);
    const others = changes.flatMap(({ writes, actions }) => {
      const said = new Set([...actions.flatMap(tablesOf), ...keptAlong]);
      return writes.flatMap((write) => {
        const [, table] = /^(?:INSERT|UPDATE|DELETE) \w+\.(\w+)$/.exec(write) ?? [];
        return table === undefined || said.has(table) ? [] : [`${actions.join()}: ${write}`];
      });
    });
    expect(others).toEqual([]);
    const seen = new Set(changes.flatMap(({ actions }) => actions));
    expect(Object.keys(ownActions).filter((action) => !seen.has(action))).toEqual([
      'REPORTING_TIME_ZONE_UPDATE_UNDO',
    ]);
  });
});

/** What triggers keep of usage, and what the kernel itself writes. */
const keptAlong = [
  'usage_daily',
  'usage_monthly',
  'usage_latency',
  'usage_summaries',
  'usage_facts',
  'usage_ranges',
  'subscription_events',
  'outbox',
];

function tablesOf(action: string): readonly string[] {
  const own: Readonly<Record<string, OwnAction>> = ownActions;
  const changed = changesOfAreas.filter(({ actions }) =>
    Object.values(actions).some((each) => action === each || action === `${each}_UNDO`),
  );
  return [
    ...(own[action]?.tables ?? []),
    ...changed
      .flatMap(({ record, partKinds }) => [record, ...partKinds.map((kind) => kind.record)])
      .map(({ relation }) => relation),
  ];
}

/** The transactions, one like the other once, that a procedure's case made; those that write nothing but audit aside. */
function writesThat(are: (transaction: RecordedTransaction) => boolean): Record<string, string[]> {
  return Object.fromEntries(
    [...written].flatMap(([name, transactions]) => {
      const found = transactions.filter((one) => one.writes.length > 0 && are(one));
      const texts = new Set(found.map(({ writes }) => writes.join(', ')));
      return texts.size === 0 ? [] : [[name, [...texts].sort()] as const];
    }),
  );
}

/** Writes with a record of another kind than journal and audit log. */
const exempt: Readonly<Record<string, readonly string[]>> = {
  // Usage that is moved aside and put back changes no record: that it was begun is remembered, and then forgotten.
  'changes.finish': ['DELETE litemaas_console.moved_aside'],
  // A concurrent build refuses a transaction: the audit log says before and after it what became of it.
  'health.repair': ['CREATE INDEX public.idx_models_provider'],
  // What was begun is remembered, and who was made in LiteLLM; the key itself is written with its record.
  'apiKeys.create': ['INSERT litemaas_console.key_intents'],
  // The same of each.
  'apiKeys.createMany': ['INSERT litemaas_console.key_intents'],
  // The same, and what LiteLLM was told of both keys.
  'apiKeys.rotate': [
    'INSERT litemaas_console.key_intents',
    'UPDATE litemaas_console.litellm_objects, UPDATE litemaas_console.outbox, UPDATE public.api_keys',
    'UPDATE litemaas_console.outbox',
  ],
  // LiteLLM hears of what was recorded when it was changed.
  'sync.send': [
    'UPDATE litemaas_console.litellm_objects, UPDATE litemaas_console.outbox, UPDATE public.api_keys',
    'UPDATE litemaas_console.outbox',
  ],
  // A pull's record is its run.
  'sync.run': [
    'INSERT litemaas_console.litellm_objects, INSERT public.team_members, INSERT public.users, UPDATE litemaas_console.sync_runs',
    'INSERT litemaas_console.sync_runs',
    'UPDATE litemaas_console.sync_runs',
  ],
};
