import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApiKey } from '../../../src/main/api-keys/create-api-key';
import { apiKeysHandlers } from '../../../src/main/api-keys';
import { createChangesHandlers } from '../../../src/main/changes';
import { changesOfAreas, ownUndos } from '../../../src/main/changes-of-areas';
import { createSendNews } from '../../../src/main/litellm/outbox/send-waiting';
import type { Database } from '../../../src/main/postgres/database';
import { AppError } from '../../../src/shared/errors';
import { contract, type InputOf } from '../../../src/shared/contract';
import type { ProxyState } from '../../support/litellm';
import type { VersionName } from '../../support/litellm/version-profiles';
import { ana, smallState } from './builders';
import { createHarness, type Harness } from './harness';

const clientOptions = { sleep: () => Promise.resolve(), timeoutMs: 2_000 };
const ben = '0d2f0000-0000-4000-8000-0000000000be';
const crew = '7b0c0000-0000-4000-8000-0000000000c1';

type Wish = InputOf<(typeof contract)['apiKeys']['create']>;

describe.each(['1.81.0', '1.108.7'] as const satisfies readonly VersionName[])(
  'making a key: %s',
  (version) => {
    let h: Harness;
    let state: ProxyState;
    /** The one the handlers are given: a test puts something between. */
    let database: Database;

    beforeEach(async () => {
      state = smallState();
      h = await createHarness({ simulator: { state, version } });
      await h.link();
      await h.pull();
      await h.rows(
        `INSERT INTO users (id, username, email, oauth_provider, oauth_id, roles)
       VALUES ($1, 'ben', 'ben@example.test', 'openshift', 'ben', '{admin,user}')`,
        [ben],
      );
      await h.rows(`INSERT INTO teams (id, name, allowed_models) VALUES ($1, 'Crew', '["gpt-4o"]')`, [crew]);
      await h.rows(`INSERT INTO team_members (team_id, user_id) VALUES ($1, $2)`, [crew, ben]);
      h.simulator.recorder.requests.length = 0;
      database = h.database;
    });
    afterEach(() => h.close());

    const call = () => ({
      workspace: { ...h.workspace, database },
      signal: new AbortController().signal,
      report: () => undefined,
    });
    const create = async (changes: Partial<Wish> = {}) => {
      const wish = {
        userId: ben,
        name: 'CI',
        alias: 'ci',
        models: ['gpt-4o'],
        teamId: crew,
        maxBudget: '12.50',
        budgetDuration: 'monthly',
        tpmLimit: '1000',
        rpmLimit: null,
        expiresAt: '2099-12-31',
        keepValue: false,
        ...changes,
      };
      const answer = await createApiKey(clientOptions)(contract.apiKeys.create.input.parse(wish), call());
      return contract.apiKeys.create.output.parse(answer);
    };
    const writes = () =>
      h.simulator.recorder.requests.filter(({ method }) => method !== 'GET').map(({ path }) => path);
    const nothingMade = async (): Promise<void> => {
      expect(await h.rows(`SELECT id FROM api_keys WHERE litellm_key_alias = 'ci'`)).toEqual([]);
      expect([...state.keys.values()].map(({ key_alias: alias }) => alias)).toEqual(['laptop']);
    };
    const intents = () => h.rows('SELECT key_hash, absent_since FROM litemaas_console.key_intents');

    it('makes user, team and membership first, then the key, and keeps no value', async () => {
      const { id, value } = await create();
      expect(writes()).toEqual(['/user/new', '/team/new', '/team/member_add', '/key/generate']);
      const hash = createHash('sha256').update(value).digest('hex');
      expect(state.keys.get(hash)).toMatchObject({
        key_alias: 'ci',
        user_id: ben,
        team_id: crew,
        models: ['gpt-4o'],
        max_budget: 12.5,
        budget_duration: '1mo',
        tpm_limit: 1000,
        rpm_limit: null,
      });
      // Nobody becomes an administrator there by getting a key, and no other key came of it.
      expect(state.users.get(ben)).toMatchObject({ user_role: 'internal_user', user_alias: 'ben' });
      expect(state.keys.size).toBe(2);
      expect(await h.rows('SELECT * FROM api_keys WHERE id = $1', [id])).toMatchObject([
        {
          user_id: ben,
          team_id: crew,
          name: 'CI',
          litellm_key_alias: 'ci',
          key_hash: hash,
          key_prefix: `sk-...${value.slice(-4)}`,
          lite_llm_key_value: null,
          max_budget: '12.500000',
          budget_duration: 'monthly',
          tpm_limit: '1000',
          rpm_limit: null,
          is_active: true,
          sync_status: 'synced',
        },
      ]);
      expect(await h.rows('SELECT model_id FROM api_key_models WHERE api_key_id = $1', [id])).toEqual([
        { model_id: 'gpt-4o' },
      ]);
      expect(await intents()).toEqual([]);
      const [audit] = await h.rows<{ action: string; text: string }>(
        `SELECT action, metadata::text AS text FROM audit_logs WHERE resource_id = $1`,
        [id],
      );
      expect(audit?.action).toBe('API_KEY_CREATE');
      const kept = await h.rows<{ text: string }>(
        `SELECT c::text AS text FROM litemaas_console.changes c UNION ALL SELECT o::text FROM litemaas_console.outbox o
       UNION ALL SELECT l::text FROM litemaas_console.litellm_objects l UNION ALL SELECT k::text FROM api_keys k`,
      );
      for (const text of [audit?.text ?? '', ...kept.map((row) => row.text)]) {
        expect(text).not.toContain(value.slice(3));
      }
      // Journal and audit trail know the key by its id alone.
      expect(audit?.text).not.toContain(hash);
      const run = await h.pull();
      expect(run.entities.find(({ entity }) => entity === 'keys')).toMatchObject({ created: 0, updated: 0 });
      const object = `SELECT state, local_id FROM litemaas_console.litellm_objects WHERE remote_id = $1`;
      expect(await h.rows(object, [hash])).toEqual([{ state: 'linked', local_id: id }]);
    });

    it('leaves whom it finds as they are, and keeps the value where that is wished', async () => {
      const [team] = await h.rows<{ id: string }>(`SELECT id FROM teams WHERE litellm_team_id = 'team-one'`);
      const { id, value } = await create({
        userId: ana,
        teamId: team?.id ?? '',
        models: 'all',
        budgetDuration: null,
        expiresAt: null,
        keepValue: true,
      });
      expect(writes()).toEqual(['/key/generate']);
      expect(
        await h.rows('SELECT lite_llm_key_value AS value, expires_at FROM api_keys WHERE id = $1', [id]),
      ).toEqual([{ value, expires_at: null }]);
      const hash = createHash('sha256').update(value).digest('hex');
      expect(state.keys.get(hash)).toMatchObject({ models: ['all-proxy-models'], budget_duration: null });
    });

    it.each([
      ['LiteLLM is away', { kind: 'bad-gateway' as const, times: Infinity }],
      [
        'LiteLLM refuses',
        { kind: 'licence' as const, status: 400 as const, feature: 'x', path: '/key/generate' },
      ],
      [
        'LiteLLM refuses the team',
        { kind: 'licence' as const, status: 403 as const, feature: 'x', path: '/team/new' },
      ],
      [
        'LiteLLM asks for patience',
        { kind: 'rate-limit' as const, retryAfterSeconds: 1, path: '/key/generate' },
      ],
    ])('makes nothing where %s', async (_why, fault) => {
      h.simulator.faults.add(fault);
      await expect(create()).rejects.toMatchObject({ code: expect.stringMatching(/^litellm_/) as string });
      await nothingMade();
    });

    it('deletes a key whose answer was lost, and forgets it only after two looks', async () => {
      h.simulator.faults.add({ kind: 'lost-answer', path: '/key/generate' });
      await expect(create()).rejects.toMatchObject({ code: 'litellm_unreachable' });
      await nothingMade();
      expect(writes().at(-1)).toBe('/key/delete');
      expect(await intents()).toMatchObject([{ absent_since: null }]);
      // Nobody can look: the key stays there until somebody can.
      h.simulator.faults.add({ kind: 'lost-answer', path: '/key/generate' });
      h.simulator.faults.add({ kind: 'bad-gateway', path: '/key/info', after: 1 });
      await expect(create({ alias: 'second' })).rejects.toMatchObject({ code: 'litellm_unreachable' });
      expect(state.keys.size).toBe(2);
      await h.handlers.send({ apiKeyId: null }, call());
      expect(state.keys.size).toBe(1);
      expect(await intents()).toHaveLength(2);
      await h.rows(
        `UPDATE litemaas_console.key_intents SET absent_since = absent_since - interval '11 seconds'`,
      );
      await h.handlers.send({ apiKeyId: null }, call());
      expect(await intents()).toEqual([]);
      expect(await create()).toMatchObject({ value: expect.stringMatching(/^sk-/) as string });
    });

    it('takes a key back whose row cannot be written', async () => {
      await h.rows(`ALTER TABLE api_keys ADD CONSTRAINT none CHECK (litellm_key_alias <> 'ci') NOT VALID`);
      await expect(create()).rejects.toMatchObject({ code: 'db_constraint' });
      await nothingMade();
    });

    type Around = (write: () => Promise<unknown>) => Promise<unknown>;
    /** Does something around the first transactions while LiteLLM has the new key, one after the other. */
    const aroundWrites = (...arounds: Around[]): void => {
      database = {
        ...h.database,
        async write<T>(signal: AbortSignal, work: Parameters<Database['write']>[1]) {
          const write = () => h.database.write(signal, work);
          const around = state.keys.size === 2 ? arounds.shift() : undefined;
          return (await (around === undefined ? write() : around(write))) as T;
        },
      };
    };

    it.each([
      ['its owner was deactivated', 'UPDATE users SET is_active = false WHERE id = $1', ben],
      ['its team was switched off', 'UPDATE teams SET is_active = false WHERE id = $1', crew],
      ['its owner left the team', 'DELETE FROM team_members WHERE user_id = $1', ben],
      [
        'another key got the alias',
        `INSERT INTO api_keys (user_id, name, litellm_key_alias, key_hash, key_prefix) VALUES ($1, 'x', 'ci', 'x', 'x')`,
        ben,
      ],
    ])('takes a key back where %s while LiteLLM made it', async (_what, statement, id) => {
      aroundWrites(async (write) => {
        await h.rows(statement, [id]);
        return write();
      });
      await expect(create()).rejects.toMatchObject({ code: 'validation' });
      expect(await h.rows(`SELECT id FROM api_keys WHERE name = 'CI'`)).toEqual([]);
      expect([...state.keys.values()].map(({ key_alias: alias }) => alias)).toEqual(['laptop']);
    });

    it('lets nobody deactivate the owner, switch the team off or end the membership until it is written', async () => {
      const refusals: unknown[] = [];
      database = {
        ...h.database,
        write: (signal, work) =>
          h.database.write(signal, async (connection) => {
            const done = await work(connection);
            if (state.keys.size === 2) {
              for (const of of ['users WHERE id', 'teams WHERE id', 'team_members WHERE user_id']) {
                const id = of.startsWith('teams') ? crew : ben;
                const asked = h.rows(`SELECT FROM ${of} = $1 FOR NO KEY UPDATE NOWAIT`, [id]);
                refusals.push(await asked.catch((error: unknown) => (error as { code: string }).code));
              }
            }
            return done;
          }),
      };
      await create();
      expect(refusals).toEqual(['55P03', '55P03', '55P03']);
    });

    it('hands a key out whose row was written, where only the answer to that was lost', async () => {
      const lost = new AppError('db_unreachable', 'The connection was lost.');
      aroundWrites(async (write) => {
        await write();
        throw lost;
      });
      const { id, value } = await create();
      const hash = createHash('sha256').update(value).digest('hex');
      expect(await h.rows('SELECT key_hash FROM api_keys WHERE id = $1', [id])).toEqual([{ key_hash: hash }]);
      expect(state.keys.has(hash)).toBe(true);
      expect(await intents()).toEqual([]);
    });

    it('touches nothing where nobody can say whether the row was written, and says why it failed first', async () => {
      const lost = new AppError('db_unreachable', 'The connection was lost.');
      aroundWrites(
        () => Promise.reject(lost),
        () => Promise.reject(new AppError('db_unreachable', 'It is still away.')),
      );
      await expect(create()).rejects.toBe(lost);
      expect(state.keys.size).toBe(2);
      // What was left half made is taken back by whoever looks next.
      await h.rows(`UPDATE litemaas_console.key_intents SET leased_until = clock_timestamp()`);
      await h.handlers.send({ apiKeyId: null }, { ...call(), workspace: h.workspace });
      await nothingMade();
    });

    it('says why a key was given up also where its intent cannot be released', async () => {
      database = {
        ...h.database,
        write: (signal, work) =>
          writes().includes('/key/delete')
            ? Promise.reject(new AppError('db_unreachable', 'It is away.'))
            : h.database.write(signal, work),
      };
      h.simulator.faults.add({ kind: 'lost-answer', path: '/key/generate' });
      await expect(create()).rejects.toMatchObject({ code: 'litellm_unreachable' });
      await nothingMade();
    });

    it('takes a key back that LiteLLM made otherwise than asked', async () => {
      // A key of this hash is there already, with other limits: LiteLLM answers as asked and changes nothing.
      h.simulator.faults.add({ kind: 'latency', latencyMs: 1, path: '/key/info' });
      const generate = state.keys.set.bind(state.keys);
      state.keys.set = (hash, row) => generate(hash, { ...row, max_budget: 1 });
      await expect(create()).rejects.toMatchObject({
        code: 'litellm_refused',
        message: expect.stringContaining('budget') as string,
      });
      await nothingMade();
    });

    it.each([
      ['an owner who is gone', { userId: '0d2f0000-0000-4000-8000-0000000000ff' }],
      ['a team its owner is not in', { userId: ana }],
      ['an alias that is taken', { alias: 'laptop' }],
      ['a model that is gone', { models: ['gone'] }],
      ['a day that is over', { expiresAt: '2020-01-01' }],
    ])('refuses %s without asking LiteLLM', async (_what, changes) => {
      await expect(create(changes)).rejects.toMatchObject({ code: 'validation' });
      expect(h.simulator.recorder.requests).toEqual([]);
    });

    it('is refused with the reason where no proxy is linked', async () => {
      await h.handlers.unlink({}, call());
      await expect(create()).rejects.toMatchObject({ code: 'not_found' });
      await nothingMade();
    });

    it('is not unmade once somebody has used it, but revoked', async () => {
      const { id } = await create();
      const [change] = await h.rows<{ batch_id: string }>(
        `SELECT batch_id FROM litemaas_console.changes WHERE record_id = $1`,
        [id],
      );
      const changes = createChangesHandlers(changesOfAreas, ownUndos, createSendNews(clientOptions));
      await h.rows('UPDATE api_keys SET last_used_at = now() WHERE id = $1', [id]);
      const undo = await changes.previewUndo({ batchId: change?.batch_id ?? '', recordId: null }, call());
      expect(undo).toMatchObject({ toChange: 0, refused: 1 });
      const { version } = await apiKeysHandlers.get({ id }, call());
      const { plan } = await apiKeysHandlers.previewRevoke(
        { targets: { selected: [{ id, version }] } },
        call(),
      );
      expect(await changes.run({ plan, reason: 'leaked' }, call())).toMatchObject({ done: 1, waiting: 0 });
      expect([...state.keys.values()].map(({ key_alias: alias }) => alias)).toEqual(['laptop']);
    });
  },
);
