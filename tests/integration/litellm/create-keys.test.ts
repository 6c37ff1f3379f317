import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createApiKeys } from '../../../src/main/api-keys/many/create-api-keys';
import { previewApiKeys } from '../../../src/main/api-keys/many/plan-keys';
import { sendDownload } from '../../../src/main/browser/downloads';
import { createChangesHandlers } from '../../../src/main/changes';
import { changesOfAreas, ownUndos } from '../../../src/main/changes-of-areas';
import { createSendNews } from '../../../src/main/litellm/outbox/send-waiting';
import { contract, type InputOf } from '../../../src/shared/contract';
import type { ProxyState } from '../../support/litellm';
import { smallState } from './builders';
import { createHarness, type Harness } from './harness';

const clientOptions = { sleep: () => Promise.resolve(), timeoutMs: 2_000 };
const crew = '7b0c0000-0000-4000-8000-0000000000c1';
const number = (index: number): string => String(index).padStart(2, '0');
const idOf = (index: number): string => `0d2f0000-0000-4000-8000-0000000001${number(index)}`;
const everybody = Array.from({ length: 30 }, (_none, index) => idOf(index));

type Wish = InputOf<(typeof contract)['apiKeys']['createMany']>;

/** A file whose lines are counted, and that may fail at one of them. */
class Lines extends Writable {
  readonly lines: string[] = [];
  isWhole = false;
  constructor(private readonly before: (line: number) => Error | null = () => null) {
    super();
  }
  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    const failure = this.before(this.lines.length);
    if (failure === null) this.lines.push(chunk.toString());
    done(failure);
  }
  override _final(done: () => void): void {
    this.isWhole = true;
    done();
  }
  rows(): { username: string; email: string; alias: string; value: string; not_made_because: string }[] {
    return parse(this.lines.join(''), { bom: true, columns: true });
  }
}

describe('making keys for many people', () => {
  let h: Harness;
  let state: ProxyState;

  beforeEach(async () => {
    state = smallState();
    h = await createHarness({ simulator: { state, version: '1.108.7' } });
    await h.link();
    await h.pull();
    await h.rows(
      `INSERT INTO users (id, username, email, oauth_provider, oauth_id, roles)
       SELECT ('0d2f0000-0000-4000-8000-0000000001' || lpad(n::text, 2, '0'))::uuid, 'person-' || lpad(n::text, 2, '0'),
         'person-' || n || '@example.test', 'openshift', 'person-' || n, '{user}' FROM generate_series(0, 29) AS n`,
    );
    await h.rows(`INSERT INTO teams (id, name, allowed_models) VALUES ($1, 'Crew', '["gpt-4o"]')`, [crew]);
    h.simulator.recorder.requests.length = 0;
  });
  afterEach(() => h.close());

  const call = () => ({
    workspace: h.workspace,
    signal: new AbortController().signal,
    report: () => undefined,
  });
  const wishFor = (changes: Partial<Wish> = {}) =>
    contract.apiKeys.createMany.input.parse({
      ...{ userIds: everybody, pattern: '{username}-key', models: ['gpt-4o'], teamId: null },
      ...{ maxBudget: '5', budgetDuration: 'monthly', tpmLimit: null, rpmLimit: null },
      ...{ expiresAt: null, keepValue: false, ...changes },
    });
  const content = (changes: Partial<Wish> = {}) => createApiKeys(clientOptions)(wishFor(changes), call());
  const hashOf = (value: string): string => createHash('sha256').update(value).digest('hex');
  /** Aliases of the keys that were made, here and there: they are the same. */
  const made = async (): Promise<string[]> => {
    const rows = await h.rows<{ alias: string; hash: string }>(
      `SELECT litellm_key_alias AS alias, key_hash AS hash FROM api_keys WHERE litellm_key_alias LIKE 'person-%' ORDER BY 1`,
    );
    const there = [...state.keys].filter(([, { key_alias: alias }]) => alias?.startsWith('person-'));
    expect(there.map(([hash]) => hash).sort()).toEqual(rows.map(({ hash }) => hash).sort());
    return rows.map(({ alias }) => alias);
  };

  it('writes each value beside its person, names who got none, and leaves no value anywhere else', async () => {
    h.simulator.faults.add({
      ...{ kind: 'licence', status: 400, feature: 'x', path: '/key/generate', after: 7, times: 1 },
    });
    const file = new Lines();
    await (await content()).write(file, new AbortController().signal);
    const rows = file.rows();
    expect(file.isWhole).toBe(true);
    expect(rows.map(({ username }) => username)).toEqual(everybody.map((_id, n) => `person-${number(n)}`));
    expect(rows[3]).toMatchObject({ email: 'person-3@example.test', alias: 'person-03-key' });
    const failed = rows.filter(({ value }) => value === '');
    expect(failed).toMatchObject([
      { username: 'person-07', not_made_because: expect.stringMatching(/./) as string },
    ]);
    const got = rows.filter(({ value }) => value !== '');
    expect(got.every(({ value }) => /^sk-[\w-]{43}$/.test(value))).toBe(true);
    expect(await made()).toEqual(got.map(({ alias }) => alias));
    for (const { value, alias } of got) {
      expect(state.keys.get(hashOf(value))).toMatchObject({ key_alias: alias, max_budget: 5 });
    }
    const kept = await h.rows<{ text: string }>(
      `SELECT c::text AS text FROM litemaas_console.changes c UNION ALL SELECT o::text FROM litemaas_console.outbox o
       UNION ALL SELECT l::text FROM litemaas_console.litellm_objects l UNION ALL SELECT k::text FROM api_keys k
       UNION ALL SELECT a::text FROM audit_logs a UNION ALL SELECT i::text FROM litemaas_console.key_intents i`,
    );
    const everything = kept.map(({ text }) => text).join('\n');
    expect(everything).toContain('API_KEY_CREATE');
    expect(got.filter(({ value }) => everything.includes(value.slice(3)))).toEqual([]);
    // Tried again, those who have one are left alone.
    const again = new Lines();
    await (await content()).write(again, new AbortController().signal);
    expect(again.rows().filter(({ value }) => value !== '')).toMatchObject([{ username: 'person-07' }]);
    expect(await made()).toHaveLength(30);
  });

  it('makes them as one batch, which is taken back at once', async () => {
    const file = new Lines();
    await (await content({ userIds: everybody.slice(0, 3) })).write(file, new AbortController().signal);
    const batches = await h.rows<{ id: string }>(
      `SELECT DISTINCT batch_id AS id FROM litemaas_console.changes WHERE action = 'API_KEY_CREATE'`,
    );
    expect(batches).toHaveLength(1);
    const changes = createChangesHandlers(changesOfAreas, ownUndos, createSendNews(clientOptions));
    const undo = await changes.previewUndo({ batchId: batches[0]?.id ?? '', recordId: null }, call());
    expect(undo).toMatchObject({ toChange: 3, refused: 0 });
    expect(await changes.run({ plan: undo.plan, reason: 'wrong people' }, call())).toMatchObject({ done: 3 });
    expect(await made()).toEqual([]);
  });

  it('stops between two keys: the file has exactly those that were made', async () => {
    const stopping = new AbortController();
    const file = new Lines((line) => {
      if (line === 6) stopping.abort();
      return null;
    });
    const sent = await content();
    await sent.write(file, stopping.signal);
    expect([file.isWhole, sent.mustStay?.()]).toEqual([true, true]);
    const rows = file.rows();
    const got = rows.filter(({ value }) => value !== '');
    expect(got.map(({ alias }) => alias)).toEqual(
      everybody.slice(0, 6).map((_id, n) => `person-${number(n)}-key`),
    );
    expect(await made()).toEqual(got.map(({ alias }) => alias));
    expect(rows).toHaveLength(30);
    expect(rows.at(-1)).toMatchObject({ username: 'person-29', value: '' });
    expect(rows.at(-1)?.not_made_because).toContain('Stopped before its turn');
  });

  it('takes the key back whose value the file does not take, and makes no other', async () => {
    const file = new Lines((line) => (line === 4 ? new Error('ENOSPC') : null));
    const sent = await content();
    await expect(sent.write(file, new AbortController().signal)).rejects.toThrow('ENOSPC');
    expect(sent.mustStay?.()).toBe(true);
    expect(await made()).toEqual(['person-00-key', 'person-01-key', 'person-02-key']);
    expect(h.simulator.recorder.requests.filter(({ path }) => path === '/key/generate')).toHaveLength(4);
  });

  it('makes no more once a download is broken off: what was sent is all there is', async () => {
    const sent = await content();
    const ended: unknown[] = [];
    const server = createServer((_request, response) => {
      const gone = new AbortController();
      response.once('close', () => gone.abort());
      void sendDownload(response, sent, gone.signal).catch((error: unknown) => ended.push(error));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const asking = get({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    let read = '';
    answer.on('error', () => undefined);
    answer.on('data', (chunk: Buffer) => {
      read += chunk.toString();
      if (read.includes('person-02-key')) answer.destroy();
    });
    await vi.waitFor(() => expect(ended).toMatchObject([{ code: 'cancelled' }]), 10_000);
    server.close();
    const aliases = await made();
    expect(aliases.length).toBeLessThan(6);
    expect(aliases.slice(0, 3)).toEqual(['person-00-key', 'person-01-key', 'person-02-key']);
    const intents = await h.rows(
      'SELECT leased_until < clock_timestamp() AS free FROM litemaas_console.key_intents',
    );
    expect(intents.every(({ free }) => free === true)).toBe(true);
  });

  it('makes no key without a file', async () => {
    const sent = await content();
    const closed = new Lines();
    closed.destroy();
    await expect(sent.write(closed, new AbortController().signal)).rejects.toMatchObject({
      code: 'cancelled',
    });
    const full = new Lines(() => new Error('ENOSPC'));
    await expect(sent.write(full, new AbortController().signal)).rejects.toThrow('ENOSPC');
    expect(sent.mustStay?.()).toBe(false);
    expect(h.simulator.recorder.requests).toEqual([]);
    expect(await made()).toEqual([]);
  });

  it('tries no other once LiteLLM is away', async () => {
    h.simulator.faults.add({ kind: 'bad-gateway', times: Infinity, path: '/key/generate', after: 2 });
    const file = new Lines();
    await (await content()).write(file, new AbortController().signal);
    expect(await made()).toEqual(['person-00-key', 'person-01-key']);
    expect(file.rows()[3]).toMatchObject({
      value: '',
      not_made_because: expect.stringMatching(/^Stopped before its turn: ./) as string,
    });
    expect(h.simulator.recorder.requests.filter(({ path }) => path === '/key/generate')).toHaveLength(3);
  });

  it('says beforehand who can’t have one, and asks for no file where nobody can', async () => {
    const [off, , taken] = everybody;
    await h.rows('UPDATE users SET is_active = false WHERE id = $1', [off]);
    await h.rows(
      `INSERT INTO api_keys (user_id, name, litellm_key_alias, key_hash, key_prefix) VALUES ($1, 'x', 'person-02-key', 'x', 'x')`,
      [taken],
    );
    const gone = '0d2f0000-0000-4000-8000-0000000000ff';
    const userIds = [...everybody.slice(0, 3), gone];
    const { people } = await previewApiKeys(wishFor({ userIds }), call());
    expect(contract.apiKeys.previewCreateMany.output.parse({ people }).people).toMatchObject([
      { username: 'person-00', obstacle: expect.any(String) as string },
      { username: 'person-01', alias: 'person-01-key', obstacle: null },
      { username: 'person-02', obstacle: expect.stringContaining('person-02-key') as string },
      { id: gone, obstacle: expect.any(String) as string },
    ]);
    await expect(content({ userIds: everybody.slice(1, 3), teamId: crew })).rejects.toMatchObject({
      code: 'validation',
      hint: expect.stringContaining('Crew') as string,
    });
    await expect(content({ userIds: [off ?? ''] })).rejects.toMatchObject({ code: 'validation' });
    expect(h.simulator.recorder.requests).toEqual([]);
  });

  it('asks for a pattern that tells people apart', () => {
    expect(() => wishFor({ pattern: 'key' })).toThrow(/username/);
    expect(() => wishFor({ userIds: [idOf(1), idOf(1)] })).toThrow(/once/);
  });
});
