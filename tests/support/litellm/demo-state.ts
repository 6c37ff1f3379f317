import { nextBudgetReset } from './budget-duration';
import { costUnits } from './cost-units';
import { readTrace } from './demo/data-files';
import { demoKeys } from './demo/keys';
import { demoModels } from './demo/models';
import { demoPeople } from './demo/people';
import { Random } from './demo/random';
import { demoSpendRow, requestersOf } from './demo/spend';
import { demoMemberships, demoTeams, teamIds } from './demo/teams';
import { timestampOf } from './instants';
import { emptyState, type ProxyState } from './state';

export { demoCredentials } from './demo/keys';

const dayMs = 86_400_000;

/** The newest request ended a little before `now`. */
const quietBeforeNowMs = 120_000;

export interface DemoOptions {
  /** The moment the last 30 days end at. */
  now: Date;
  /** How many requests of the trace to use, from its beginning; all 28,185 when left out. */
  traceRows?: number;
}

interface SpendBearer {
  spend: number;
  budget_duration: string | null;
  budget_reset_at: string | null;
}

/** Each entity's counter holds the current budget period only; without a duration it never starts again. */
function countSpend(state: ProxyState, now: Date): void {
  const monthStart = timestampOf(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1))).slice(0, 7);
  const add = (bearer: SpendBearer | undefined, startTime: string, amount: number): void => {
    if (!bearer) return;
    if (bearer.budget_duration === null || startTime.startsWith(monthStart)) bearer.spend += amount;
  };
  for (const row of state.spend) {
    add(state.keys.get(row.api_key), row.startTime, row.spend);
    add(state.users.get(row.user), row.startTime, row.spend);
    add(state.teams.get(row.team_id), row.startTime, row.spend);
  }
}

function setResetTimes(state: ProxyState, now: Date): void {
  const bearers: SpendBearer[] = [...state.keys.values(), ...state.users.values(), ...state.teams.values()];
  for (const bearer of bearers) {
    if (bearer.budget_duration !== null)
      bearer.budget_reset_at = nextBudgetReset(bearer.budget_duration, now);
  }
}

function addSpend(state: ProxyState, random: Random, options: DemoOptions): void {
  const trace = readTrace().slice(0, options.traceRows);
  const firstMs = trace[0]?.timestampMs ?? 0;
  const spanMs = Math.max((trace.at(-1)?.timestampMs ?? 0) - firstMs, 1);
  const startMs = options.now.getTime() - 30 * dayMs;
  const stretch = (30 * dayMs - quietBeforeNowMs) / spanMs;
  const requesters = requestersOf(state, random);
  state.spend = trace.map((request, place) =>
    demoSpendRow(random, state, requesters, request, place, {
      startMs: Math.round(startMs + (request.timestampMs - firstMs) * stretch),
      timestamp: timestampOf,
    }),
  );
}

/**
 * The state of a busy proxy: real catalogue models, the real request trace stretched over the 30 days before `now`,
 * made-up people, teams and keys with every hard case. The same options give the same state.
 */
export function seedDemoState(options: DemoOptions): ProxyState {
  const { now } = options;
  const random = new Random(20_231_116);
  const createdAt = (): Date =>
    new Date(now.getTime() - random.between(60, 300) * dayMs - random.between(0, 86_399) * 1000);
  const oldest = timestampOf(new Date(now.getTime() - 320 * dayMs));
  const state = emptyState();
  state.models = demoModels(teamIds.research, oldest);
  const users = demoPeople(random, createdAt, timestampOf);
  const teams = demoTeams(random, users, oldest);
  const keys = demoKeys(random, { now, timestamp: timestampOf, createdAt }, users, teams);
  state.users = new Map(users.map((user) => [user.user_id, user]));
  state.teams = new Map(teams.map((team) => [team.team_id, team]));
  state.keys = new Map(keys.map((key) => [key.token, key]));
  state.teamMemberships = demoMemberships(teams);
  addSpend(state, random, options);
  setResetTimes(state, now);
  countSpend(state, now);
  return state;
}

/** Totals counted from the rows themselves, for comparing with what a console shows. */
export interface SpendTotals {
  readonly requests: number;
  readonly failures: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** USD, added as floats as LiteLLM does. */
  readonly spend: number;
  /** The same in units of 10⁻¹² USD, exactly, each row rounded as the schema keeps it. */
  readonly costUnits: bigint;
}

/** Adds up the spend log of a state. */
export function spendTotals(state: ProxyState): SpendTotals {
  const sum = (value: (row: ProxyState['spend'][number]) => number): number =>
    state.spend.reduce((total, row) => total + value(row), 0);
  return {
    requests: state.spend.length,
    failures: state.spend.filter((row) => row.status === 'failure').length,
    promptTokens: sum((row) => row.prompt_tokens),
    completionTokens: sum((row) => row.completion_tokens),
    spend: sum((row) => row.spend),
    costUnits: state.spend.reduce((total, row) => total + costUnits(row.spend), 0n),
  };
}
