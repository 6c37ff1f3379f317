import type { SyncRun } from '../../../src/shared/contract/sync';
import { type ProxyState, seedDemoState, type SimulatorOptions } from '../../support/litellm';
import { createHarness, type Harness } from './harness';

export const demoNow = new Date('2026-11-22T12:00:00Z');

export interface DemoOptions extends SimulatorOptions {
  readonly traceRows?: number;
  readonly major?: 18 | 15;
}

/** A linked proxy with the demo's people, keys and real requests. The caller closes it. */
export async function demoHarness(options: DemoOptions = {}): Promise<Harness> {
  const { traceRows = 1500, major = 18, ...simulator } = options;
  const state = seedDemoState({ now: demoNow, traceRows });
  const harness = await createHarness({
    simulator: { state, now: () => demoNow, ...simulator },
    client: { now: () => demoNow },
    major,
  });
  await harness.link();
  return harness;
}

export const figures = (run: SyncRun, entity: SyncRun['entities'][number]['entity']) =>
  run.entities.find((row) => row.entity === entity);

export const call = ({ workspace }: Harness) => ({
  workspace,
  signal: new AbortController().signal,
  report: () => undefined,
});

export async function count(harness: Harness, from: string): Promise<number> {
  const [row] = await harness.rows<{ n: string }>(`SELECT count(*) AS n FROM ${from}`);
  return Number(row?.n);
}

/** Keys that the proxy lists (not its dashboard's sessions) and whose owner it lists too. */
export function keysWithOwner(state: ProxyState) {
  return [...state.keys.values()].filter(
    (key) =>
      key.team_id !== 'litellm-dashboard' &&
      key.user_id !== 'default_user_id' &&
      state.users.has(key.user_id ?? ''),
  );
}

/** Every entry of a member list except LiteLLM's own administrator, and whether it is somebody the proxy lists. */
export function memberships(state: ProxyState): { known: boolean }[] {
  const emails = new Set([...state.users.values()].map((user) => user.user_email));
  return [...state.teams.values()]
    .flatMap((team) => team.members_with_roles)
    .filter((member) => member.user_id !== 'default_user_id')
    .map((member) => ({
      known: member.user_id === null ? emails.has(member.user_email) : state.users.has(member.user_id),
    }));
}
