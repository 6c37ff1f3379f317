import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { LimitLevel, RefusalAnswer } from '../../../shared/contract/api-keys';
import type { Contract } from '../../../shared/contract/index';
import { instant, reference } from '../../../shared/contract/values';
import { untoldOf } from '../../changes/outbox';
import type { Connection } from '../../postgres/database';
import { from } from '../../postgres/relations';
import type { Handler } from '../../router/handlers';
import { allowsAllModels, otherModelNames } from '../model-scope';
import { readLimitLevels } from './limit-levels';
import { type RefusalText, readRefusalText } from './refusal-text';

/** Why requests of a key are refused: the chain that a request goes through, as far as it is known here. */
export const explainRefusal: Handler<Contract['apiKeys']['explainRefusal']> = (
  { text, id },
  { signal, workspace: { database } },
) => {
  const said = readRefusalText(text);
  return database.read(signal, async (connection) => {
    const candidates = await readCandidates(connection, said, id);
    const model = await readModel(connection, said.text);
    const [only, ...others] = candidates;
    return {
      candidates,
      said: { reason: said.reason, amounts: [...said.amounts], model },
      key: only === undefined || others.length > 0 ? null : await readChain(connection, only.id, said, model),
    };
  });
};

const mostCandidates = 10;
const candidateRow = reference.extend({ prefix: z.string(), owner: z.string() });

/** The key that is meant: the one whose page it was, the one that was pasted, or those that are called so. */
function readCandidates(
  { select }: Connection,
  { keyHash, text }: RefusalText,
  id: string | null,
): Promise<z.infer<typeof candidateRow>[]> {
  const meant =
    id !== null && keyHash === null
      ? sql`k.id = ${id}`
      : keyHash === null
        ? sql`(lower(k.litellm_key_alias) = lower(${text}) OR lower(k.name) = lower(${text}) OR k.id::text = lower(${text}))`
        : sql`k.key_hash = ${keyHash}`;
  return select(
    candidateRow,
    sql`
    SELECT k.id, coalesce(nullif(k.name, ''), nullif(k.litellm_key_alias, ''), k.key_prefix) AS label,
      k.key_prefix AS prefix, u.username AS owner
    FROM ${from('api_keys', 'k')} JOIN ${from('users', 'u')} ON u.id = k.user_id
    WHERE ${meant} ORDER BY k.created_at DESC, k.id LIMIT ${mostCandidates}`,
  );
}

/** The model that a text names; of several the longest name, which may hold another. */
async function readModel({ select }: Connection, text: string): Promise<string | null> {
  if (text === '') return null;
  const [row] = await select(
    z.strictObject({ id: z.string() }),
    sql`SELECT m.id FROM ${from('models', 'm')} WHERE position(m.id IN ${text}) > 0 ORDER BY length(m.id) DESC, m.id LIMIT 1`,
  );
  return row?.id ?? null;
}

const chainRow = z.strictObject({
  key: reference,
  owner: reference,
  ownerIsActive: z.boolean(),
  team: reference.nullable(),
  teamIsActive: z.boolean().nullable(),
  isMember: z.boolean(),
  isRevoked: z.boolean(),
  isActive: z.boolean(),
  isExpired: z.boolean(),
  expiresAt: instant.nullable(),
  allModels: z.boolean(),
  models: z.array(z.string()),
  teamModels: z.array(z.string()),
  subscription: reference.extend({ status: z.string() }).nullable(),
  remoteState: z.string().nullable(),
  readAt: instant.nullable(),
  untold: z.enum(['none', 'waits', 'access']),
});
type Chain = z.infer<typeof chainRow>;

async function readChain(
  connection: Connection,
  id: string,
  said: RefusalText,
  model: string | null,
): Promise<RefusalAnswer['key']> {
  const [chain] = await connection.select(
    chainRow,
    sql`
    SELECT jsonb_build_object('id', k.id, 'label', coalesce(nullif(k.name, ''), nullif(k.litellm_key_alias, ''), k.key_prefix)) AS key,
      jsonb_build_object('id', u.id, 'label', u.username) AS owner, u.is_active AS "ownerIsActive",
      CASE WHEN t.id IS NOT NULL THEN jsonb_build_object('id', t.id, 'label', t.name) END AS team, t.is_active AS "teamIsActive",
      EXISTS (SELECT FROM ${from('team_members', 'tm')} WHERE tm.team_id = k.team_id AND tm.user_id = k.user_id) AS "isMember",
      k.revoked_at IS NOT NULL AS "isRevoked", k.is_active AS "isActive",
      coalesce(k.expires_at <= CURRENT_TIMESTAMP, false) AS "isExpired", k.expires_at AS "expiresAt",
      ${allowsAllModels} AS "allModels",
      ARRAY(SELECT km.model_id::text FROM ${from('api_key_models', 'km')} WHERE km.api_key_id = k.id ORDER BY 1 LIMIT 1000)
        || ${otherModelNames(200)} AS models,
      ARRAY(SELECT jsonb_array_elements_text(CASE WHEN jsonb_typeof(t.allowed_models) = 'array' THEN t.allowed_models ELSE '[]' END)) AS "teamModels",
      (SELECT jsonb_build_object('id', s.id, 'label', s.model_id, 'status', s.status) FROM ${from('subscriptions', 's')}
       WHERE s.user_id = k.user_id AND s.model_id = ${model} ORDER BY s.status = 'active' DESC, s.created_at DESC LIMIT 1) AS subscription,
      remote.state AS "remoteState", remote.last_seen_at AS "readAt", ${untoldOf('api_key', sql`k.id`)} AS untold
    FROM ${from('api_keys', 'k')} JOIN ${from('users', 'u')} ON u.id = k.user_id
    LEFT JOIN ${from('teams', 't')} ON t.id = k.team_id
    LEFT JOIN LATERAL (
      SELECT o.state, o.last_seen_at FROM ${from('litellm_objects', 'o')}
      WHERE o.kind = 'key' AND o.local_id = k.id::text ORDER BY o.last_seen_at DESC LIMIT 1
    ) AS remote ON true
    WHERE k.id = ${id}`,
  );
  if (chain === undefined) return null;
  const limits = await readLimitLevels(connection, id, said);
  const steps = stepsOf(chain, limits, model);
  const namesFigures = (said.reason === 'budget' || said.reason === 'rate') && said.amounts.length > 0;
  const fitsNone = namesFigures && !limits.some(({ isSaid }) => isSaid);
  return {
    steps,
    limits,
    fitsNone,
    refusals: await readRefusals(connection, id),
    readFromLitellmAt: chain.readAt,
    // What the client was told counts more than what looks odd here, and no other limit is offered than the one it names.
    remedy: namesFigures ? remedyOfText(limits) : remedyOf(chain, steps, limits),
  };
}

type Step = NonNullable<RefusalAnswer['key']>['steps'][number];

const named = (names: readonly string[]): string => names.slice(0, 20).join(', ').slice(0, 2_000);
const isEvery = (names: readonly string[]): boolean =>
  names.some((name) => ['all-proxy-models', 'all-team-models', '*'].includes(name));
const isWide = (name: string): boolean => name.includes('*');

/** Whether a list lets a model through. A wildcard or a group in it is LiteLLM's to read. */
function allows(names: readonly string[], model: string | null, isAll: boolean): Step['outcome'] {
  if (isAll || isEvery(names)) return 'passes';
  if (names.length === 0) return 'refuses';
  if (model === null) return 'unsure';
  if (names.includes(model)) return 'passes';
  return names.some(isWide) ? 'unsure' : 'refuses';
}

function stepsOf(chain: Chain, limits: readonly LimitLevel[], model: string | null): Step[] {
  const { team, models, teamModels, subscription, untold } = chain;
  const refuses = (is: boolean): Step['outcome'] => (is ? 'refuses' : 'passes');
  const reached = limits.filter(({ isReached }) => isReached);
  return [
    { step: 'known', ...knownInLitellm(chain) },
    { step: 'revoked', outcome: refuses(chain.isRevoked), about: null },
    { step: 'blocked', outcome: refuses(!chain.isActive && !chain.isRevoked), about: null },
    { step: 'expired', outcome: refuses(chain.isExpired), about: chain.expiresAt },
    { step: 'owner', outcome: refuses(!chain.ownerIsActive), about: chain.owner.label },
    ...(team === null
      ? []
      : [
          { step: 'team' as const, outcome: refuses(chain.teamIsActive === false), about: team.label },
          { step: 'membership' as const, outcome: refuses(!chain.isMember), about: team.label },
        ]),
    { step: 'models', outcome: allows(models, model, chain.allModels), about: named(models) },
    ...(team === null || teamModels.length === 0
      ? []
      : [
          {
            step: 'teamModels' as const,
            outcome: allows(teamModels, model, false),
            about: named(teamModels),
          },
        ]),
    ...(subscription === null
      ? []
      : [
          {
            step: 'subscription' as const,
            outcome: refuses(subscription.status !== 'active'),
            about: subscription.status,
          },
        ]),
    { step: 'limits', outcome: refuses(reached.length > 0), about: null },
    { step: 'untold', outcome: untold === 'none' ? 'passes' : 'unsure', about: null },
  ];
}

function knownInLitellm({ remoteState }: Chain): Pick<Step, 'outcome' | 'about'> {
  if (remoteState === null) return { outcome: 'unsure', about: null };
  return { outcome: remoteState === 'missing' ? 'refuses' : 'passes', about: null };
}

type Remedy = NonNullable<RefusalAnswer['key']>['remedy'];

const areas = { key: 'apiKeys', user: 'users', team: 'teams', subscription: 'subscriptions' } as const;
const fields = {
  budget: 'maxBudget',
  rpm: 'rpmLimit',
  tpm: 'tpmLimit',
  requests: null,
  tokens: null,
} as const;

const remedyOfLimit = ({ level, measure, record }: LimitLevel): Remedy => ({
  area: areas[level],
  record,
  field: fields[measure],
});

function remedyOfText(limits: readonly LimitLevel[]): Remedy {
  const said = limits.filter(({ isSaid, applies }) => isSaid && applies);
  const likely = said.find(({ isReached }) => isReached) ?? said[0];
  return likely === undefined ? null : remedyOfLimit(likely);
}

function remedyOf(chain: Chain, steps: readonly Step[], limits: readonly LimitLevel[]): Remedy {
  const first = steps.find(({ outcome }) => outcome === 'refuses')?.step;
  const { key, owner, team, subscription } = chain;
  switch (first) {
    case 'blocked':
      return { area: 'apiKeys', record: key, field: 'isActive' };
    case 'expired':
      return { area: 'apiKeys', record: key, field: 'expiresAt' };
    case 'owner':
      return { area: 'users', record: owner, field: null };
    case 'models':
      return { area: 'apiKeys', record: key, field: 'models' };
    case 'team':
    case 'membership':
      return team === null ? null : { area: 'teams', record: team, field: null };
    case 'teamModels':
      return team === null ? null : { area: 'teams', record: team, field: 'allowedModels' };
    case 'subscription':
      return subscription === null
        ? null
        : { area: 'subscriptions', record: { id: subscription.id, label: subscription.label }, field: null };
    case 'limits': {
      const reached = limits.find(({ isReached }) => isReached);
      return reached === undefined ? null : remedyOfLimit(reached);
    }
    default:
      return null;
  }
}

const refusalRow = z.strictObject({ status: z.int().nullable(), count: z.int(), last: instant });
/** Of a week; a key that is refused all the time is looked at for as many of its last requests. */
const lookedAt = 10_000;

/** The last refusals of a key by their status. */
function readRefusals({ select }: Connection, id: string): Promise<z.infer<typeof refusalRow>[]> {
  return select(
    refusalRow,
    sql`
    SELECT latest.status_code AS status, count(*)::int AS count, max(latest.created_at) AS last
    FROM (
      SELECT l.status_code, l.created_at FROM ${from('usage_logs', 'l')}
      WHERE l.api_key_id = ${id}::uuid AND l.created_at > CURRENT_TIMESTAMP - interval '7 days'
      ORDER BY l.created_at DESC LIMIT ${lookedAt}
    ) AS latest
    WHERE latest.status_code >= 400 GROUP BY 1 ORDER BY max(latest.created_at) DESC LIMIT 10`,
  );
}
