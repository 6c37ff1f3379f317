import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apiKeysHandlers } from '../../../src/main/api-keys';
import { rotateApiKey } from '../../../src/main/api-keys/rotate-api-key';
import type { Database } from '../../../src/main/postgres/database';
import { contract, type InputOf } from '../../../src/shared/contract';
import { AppError } from '../../../src/shared/errors';
import { keyRow } from '../../support/litellm';
import type { VersionName } from '../../support/litellm/version-profiles';
import { clientOptions, hash, openPush, type PushHarness } from './push-harness';

type Wish = InputOf<(typeof contract)['apiKeys']['rotate']>;

describe.each(['1.81.0', '1.108.7'] as const satisfies readonly VersionName[])(
  'rotating a key: %s',
  (version) => {
    let push: PushHarness;
    /** The one the handler is given: a test puts something between. */
    let database: Database;

    beforeEach(async () => {
      push = await openPush(version);
      database = push.h.database;
      const limits = { max_budget: 40, budget_duration: '30d', spend: 38.25, rpm_limit: 7, tpm_limit: 700 };
      Object.assign(push.remote(), limits, { metadata: { model_rpm_limit: { 'gpt-4o': 3 } } });
      await push.h.pull();
      push.h.simulator.recorder.requests.length = 0;
    });
    afterEach(() => push.h.close());

    const call = () => ({
      workspace: { ...push.h.workspace, database },
      signal: new AbortController().signal,
      report: () => undefined,
    });
    const rotate = async (changes: Partial<Wish> = {}) => {
      const { version: now } = await apiKeysHandlers.get({ id: push.id }, call());
      const wish = {
        id: push.id,
        version: now,
        overlap: '1d',
        keepValue: false,
        reason: 'yearly',
        ...changes,
      };
      const answer = await rotateApiKey(clientOptions)(contract.apiKeys.rotate.input.parse(wish), call());
      return contract.apiKeys.rotate.output.parse(answer);
    };
    const aliases = () => [...push.state.keys.values()].map(({ key_alias: alias }) => alias);
    const intents = () => push.h.rows('SELECT id FROM litemaas_console.key_intents');
    /** The old key is as it was, here and there, and nobody has another. */
    const nothingRotated = async (): Promise<void> => {
      expect(push.remote()).toMatchObject({ key_alias: 'laptop', expires: null, blocked: null });
      expect(aliases()).toEqual(['laptop']);
      expect(
        await push.h.rows(
          'SELECT litellm_key_alias AS alias, expires_at FROM api_keys WHERE user_id IS NOT NULL',
        ),
      ).toEqual([{ alias: 'laptop', expires_at: null }]);
      expect(await push.outbox()).toEqual([]);
    };

    it('makes the same key anew with what was spent, and ends the old one in LiteLLM', async () => {
      const { id, value, oldEndsAt, isTold } = await rotate();
      expect(isTold).toBe(true);
      expect(Date.parse(oldEndsAt) - Date.now()).toBeGreaterThan(23 * 3_600_000);
      const made = push.state.keys.get(createHash('sha256').update(value).digest('hex'));
      const old = push.remote();
      for (const field of ['user_id', 'team_id', 'models', 'max_budget', 'rpm_limit', 'tpm_limit'] as const) {
        expect(made?.[field], field).toEqual(old[field]);
      }
      expect(made).toMatchObject({
        ...{ key_alias: 'laptop', spend: 38.25, expires: null },
        metadata: { model_rpm_limit: { 'gpt-4o': 3 } },
      });
      const day = oldEndsAt.slice(0, 10);
      expect(old.key_alias).toBe(`laptop (until ${day})`);
      expect(Math.abs(Date.parse(old.expires ?? '') - Date.parse(oldEndsAt))).toBeLessThan(120_000);
      expect(
        await push.h.rows(
          `SELECT id, litellm_key_alias AS alias, current_spend::float8 AS spend, lite_llm_key_value AS kept,
             expires_at IS NOT NULL AS ends FROM api_keys ORDER BY expires_at`,
        ),
      ).toEqual([
        { id: push.id, alias: `laptop (until ${day})`, spend: 38.25, kept: null, ends: true },
        { id, alias: 'laptop', spend: 38.25, kept: null, ends: false },
      ]);
      expect([await push.outbox(), await push.outbox(id), await intents()]).toEqual([[], [], []]);
      // Both lines of the audit log are one batch, say why, and hold neither value nor hash.
      const audit = await push.h.rows<{ text: string }>(
        `SELECT metadata->>'reason' AS reason, metadata->>'batchId' AS batch, metadata::text AS text
         FROM audit_logs WHERE action = 'API_KEY_ROTATE'`,
      );
      expect(audit).toMatchObject([{ reason: 'yearly' }, { reason: 'yearly' }]);
      expect(new Set(audit.map((entry) => (entry as { batch?: string }).batch)).size).toBe(1);
      const kept = await push.h.rows<{ text: string }>(
        `SELECT c::text AS text FROM litemaas_console.changes c UNION ALL SELECT o::text FROM litemaas_console.outbox o
         UNION ALL SELECT l::text FROM litemaas_console.litellm_objects l UNION ALL SELECT k::text FROM api_keys k`,
      );
      for (const { text } of [...audit, ...kept]) expect(text).not.toContain(value.slice(3));
      // What was rotated is in step: a pull changes nothing.
      const run = await push.h.pull();
      expect(run.entities.find(({ entity }) => entity === 'keys')).toMatchObject({ created: 0 });
    });

    it('carries over what the key shares with others, and what it may reach: nothing of it makes the new key wider', async () => {
      Object.assign(push.remote(), {
        budget_id: 'shared-budget',
        object_permission: { object_permission_id: 'p-1', mcp_servers: ['search'], vector_stores: [] },
      });
      const { value } = await rotate();
      expect(push.state.keys.get(createHash('sha256').update(value).digest('hex'))).toMatchObject({
        budget_id: 'shared-budget',
        object_permission: { mcp_servers: ['search'] },
      });
    });

    it('ends the old key in LiteLLM also where another key there has the alias that it was to get', async () => {
      const end = new Date(Date.now() + 24 * 3_600_000).toISOString().slice(0, 10);
      const foreign = keyRow('sk-somebody-elses', { key_alias: `laptop (until ${end})`, user_id: 'other' });
      push.state.keys.set(foreign.token, foreign);
      const { id, isTold, oldEndsAt } = await rotate();
      expect(isTold).toBe(false);
      expect(Math.abs(Date.parse(push.remote().expires ?? '') - Date.parse(oldEndsAt))).toBeLessThan(120_000);
      expect(await push.outbox()).toMatchObject([
        { state: 'refused', fields: ['litellmKeyAlias'], taken: [] },
      ]);
      expect(await push.outbox(id)).toMatchObject([{ fields: ['litellmKeyAlias'] }]);
    });

    it('is done once where two rotate a key at the same time, also where nothing in it says so', async () => {
      const soon = new Date(Date.now() + 3_600_000).toISOString();
      Object.assign(push.remote(), { key_alias: null, expires: soon });
      await push.h.pull();
      await push.h.rows('UPDATE api_keys SET name = NULL WHERE id = $1', [push.id]);
      const both = await Promise.allSettled([rotate({ overlap: '7d' }), rotate({ overlap: '7d' })]);
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(both.find((each) => each.status === 'rejected')?.reason).toMatchObject({ code: 'conflict' });
      expect(push.state.keys.size).toBe(2);
      expect(await push.h.rows('SELECT id FROM api_keys')).toHaveLength(2);
    });

    it('gives nothing back that was taken away in LiteLLM since the last pull: says what differs, and makes no key', async () => {
      push.remote().max_budget = 39;
      await expect(rotate()).rejects.toMatchObject({
        code: 'validation',
        message: 'LiteLLM has something else of this key: budget.',
      });
      expect(push.writes()).toEqual([]);
      await push.h.pull();
      await rotate();
      expect([...push.state.keys.values()].map(({ max_budget: budget }) => budget)).toEqual([39, 39]);
    });

    it('ends at once a key that was rotated before and still works', async () => {
      await rotate({ overlap: '1d' });
      const { isTold } = await rotate({ overlap: 'none' });
      expect(isTold).toBe(true);
      expect(Date.parse(push.remote().expires ?? '')).toBeLessThanOrEqual(Date.now() + 1_000);
    });

    it('marks a long alias without cutting a sign in half', async () => {
      push.remote().key_alias = `a${'🔑'.repeat(254)}`;
      await push.h.pull();
      await rotate();
      for (const alias of aliases()) expect(alias?.isWellFormed()).toBe(true);
      expect(aliases()).toContainEqual(expect.stringMatching(/^a🔑+ \(until [\d-]{10}\)$/u));
    });

    it('never lets the old key work longer than it would have', async () => {
      const soon = new Date(Date.now() + 3_600_000).toISOString();
      push.remote().expires = soon;
      await push.h.pull();
      const { oldEndsAt, expiresAt } = await rotate({ overlap: '7d' });
      expect(Date.parse(oldEndsAt)).toBe(Date.parse(soon));
      expect(Math.abs(Date.parse(expiresAt ?? '') - Date.parse(soon))).toBeLessThan(120_000);
    });

    it('ends the old key at once where no overlap is asked for', async () => {
      await rotate({ overlap: 'none', keepValue: true });
      expect(Date.parse(push.remote().expires ?? '')).toBeLessThanOrEqual(Date.now() + 1_000);
      expect(await push.h.rows('SELECT FROM api_keys WHERE lite_llm_key_value IS NOT NULL')).toHaveLength(1);
    });

    it.each([
      ['LiteLLM is away', { kind: 'bad-gateway' as const, times: Infinity }],
      ['the answer to the new key is lost', { kind: 'lost-answer' as const, path: '/key/generate' }],
      [
        'LiteLLM refuses the new key',
        { kind: 'licence' as const, status: 400 as const, feature: 'x', path: '/key/generate' },
      ],
    ])('leaves the old key as it is where %s', async (_why, fault) => {
      push.h.simulator.faults.add(fault);
      await expect(rotate()).rejects.toMatchObject({ code: expect.stringMatching(/^litellm_/) as string });
      await nothingRotated();
    });

    it('takes the new key back where its row cannot be written, and where the old one was changed meanwhile', async () => {
      const write = async (before: () => Promise<unknown>): Promise<void> => {
        let isFirst = true;
        database = {
          ...push.h.database,
          async write<T>(signal: AbortSignal, work: Parameters<Database['write']>[1]) {
            if (push.state.keys.size === 2 && isFirst) {
              isFirst = false;
              await before();
            }
            return (await push.h.database.write(signal, work)) as T;
          },
        };
        await expect(rotate()).rejects.toMatchObject({
          code: expect.stringMatching(/^db_|^conflict/) as string,
        });
        database = push.h.database;
      };
      await write(() => Promise.reject(new AppError('db_unreachable', 'It is away.')));
      await nothingRotated();
      await write(() => push.h.rows('UPDATE api_keys SET rpm_limit = 8 WHERE id = $1', [push.id]));
      await nothingRotated();
    });

    it('is cleaned up by whoever looks next where the console was killed before the row was written', async () => {
      database = {
        ...push.h.database,
        write: (signal, work) =>
          push.state.keys.size === 2
            ? Promise.reject(new AppError('db_unreachable', 'It was killed.'))
            : push.h.database.write(signal, work),
      };
      push.h.simulator.faults.add({ kind: 'bad-gateway', path: '/key/delete', times: Infinity });
      await expect(rotate()).rejects.toMatchObject({ code: 'db_unreachable' });
      database = push.h.database;
      push.h.simulator.faults.clear();
      await push.h.rows(`UPDATE litemaas_console.key_intents SET leased_until = clock_timestamp()`);
      await push.h.handlers.send({ apiKeyId: null }, call());
      await nothingRotated();
    });

    it('gives the new key up where it took so long that another console may take it for abandoned', async () => {
      database = {
        ...push.h.database,
        async write(signal, work) {
          if (push.state.keys.size === 2) {
            await push.h.rows(
              `UPDATE litemaas_console.key_intents SET leased_until = clock_timestamp() + interval '30 seconds'`,
            );
          }
          return push.h.database.write(signal, work);
        },
      };
      await expect(rotate()).rejects.toMatchObject({ code: 'conflict' });
      database = push.h.database;
      await nothingRotated();
    });

    it('goes on waiting where LiteLLM is away once the key is made, and is told in the order of the aliases', async () => {
      push.h.simulator.faults.add({ kind: 'bad-gateway', path: '/key/update', times: Infinity });
      const { id, isTold } = await rotate();
      expect(isTold).toBe(false);
      expect(push.remote()).toMatchObject({ key_alias: 'laptop', expires: null });
      expect(await push.outbox()).toMatchObject([{ taken: ['expiresAt'] }]);
      expect(await push.outbox(id)).toMatchObject([{ fields: ['litellmKeyAlias'] }]);
      push.h.simulator.faults.clear();
      await push.h.rows(`UPDATE litemaas_console.outbox SET tried_at = tried_at - interval '1 minute'`);
      await push.send();
      expect(aliases().sort()).toEqual(['laptop', expect.stringMatching(/^laptop \(until /)]);
      expect([await push.outbox(), await push.outbox(id)]).toEqual([[], []]);
    });

    it.each([
      ['is blocked', 'UPDATE api_keys SET is_active = false WHERE id = $1', 'validation'],
      ['is over', `UPDATE api_keys SET expires_at = now() - interval '1 hour' WHERE id = $1`, 'validation'],
    ])('refuses a key that %s', async (_what, statement, code) => {
      await push.h.rows(statement, [push.id]);
      await expect(rotate()).rejects.toMatchObject({ code });
      expect(push.writes()).toEqual([]);
    });

    it('refuses a key that was changed since it was looked at, or of which LiteLLM has to hear', async () => {
      await expect(rotate({ version: '0'.repeat(32) })).rejects.toMatchObject({ code: 'conflict' });
      await push.edit('rpm_limit = 9', ['rpmLimit']);
      await expect(rotate()).rejects.toMatchObject({ code: 'validation' });
      expect(push.remote().key_alias).toBe('laptop');
      expect(hash in Object.fromEntries(push.state.keys)).toBe(true);
    });
  },
);
