import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { insertUser } from '../../support/builders';
import { bundledScript } from '../../support/bundled-script';
import { isLong } from '../../support/long-runs';
import { type ChangeCalls, openChangeCalls } from './change-calls';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const script = fileURLToPath(new URL('./console-process.ts', import.meta.url));
const sliceSize = 20;
const slices = 10;

/** How many slices were begun when the console is killed, and how long after that. */
const moments = isLong
  ? Array.from({ length: 40 }, (_, index) => ({ begun: 1 + (index % slices), afterMs: 4 * index }))
  : [
      { begun: 1, afterMs: 0 },
      { begun: 3, afterMs: 12 },
      { begun: 6, afterMs: 25 },
    ];

describe('a console that is killed while it changes records', () => {
  let calls: ChangeCalls;
  let child: ChildProcess | undefined;
  beforeAll(async () => {
    calls = await openChangeCalls();
    await insertUser(calls.client, { username: 'keeper', roles: ['admin'] });
    await calls.client.query(
      `INSERT INTO litemaas_console.settings (key, value) VALUES ('litellm_link', $1)`,
      [
        JSON.stringify({
          baseUrl: 'https://litellm.test',
          headerName: 'Authorization',
          linkedAt: '2026-11-01T00:00:00.000Z',
        }),
      ],
    );
  });
  afterEach(() => child?.kill('SIGKILL'));
  afterAll(() => calls.close());

  /** People with a key each, in the order in which they are changed. */
  const makePeople = async (): Promise<string[]> => {
    const rows = (await calls.rows(
      `WITH made AS (
         INSERT INTO public.users (username, email, oauth_provider, oauth_id, rpm_limit)
         SELECT 'p' || n || name, n || name || '@example.com', 'killed', n || name, 60
         FROM generate_series(1, $1::int) AS n, (SELECT gen_random_uuid()::text) AS run (name)
         RETURNING id
       ), keys AS (
         INSERT INTO public.api_keys (user_id, name, key_hash, key_prefix)
         SELECT id, 'key', encode(sha256(id::text::bytea), 'hex'), 'sk-1234' FROM made
       )
       SELECT id::text FROM made ORDER BY id`,
      [sliceSize * slices],
    )) as { id: string }[];
    return rows.map(({ id }) => id);
  };

  /** Starts a console on the people and kills it; answers its plan once the server has noticed. */
  const killOne = async (
    users: readonly string[],
    { begun, afterMs }: (typeof moments)[number],
  ): Promise<string> => {
    const { config } = calls.workspace.database;
    const started = spawn(process.execPath, [await bundledScript(script)], {
      cwd: repository,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env['PATH'],
        LITEMAAS_TASK: JSON.stringify({ config: { ...config, types: undefined }, users, sliceSize }),
      },
    });
    child = started;
    const gone = new Promise((resolve) => started.once('exit', resolve));
    let plan = '';
    let seen = 0;
    for await (const line of createInterface({ input: started.stdout })) {
      const said = JSON.parse(line) as { plan?: string; done?: number; result?: object };
      plan = said.plan ?? plan;
      if (said.result !== undefined) throw new Error('it was through before it was killed');
      if (said.done === undefined) continue;
      seen += 1;
      if (seen === begun) break;
    }
    await pause(afterMs);
    started.kill('SIGKILL');
    await gone;
    // What the server was told it may still do.
    await expect
      .poll(
        () =>
          calls.rows(
            `SELECT FROM pg_stat_activity
             WHERE datname = current_database() AND application_name = 'litemaas-console' AND state <> 'idle'`,
          ),
        { interval: 5, timeout: 20_000 },
      )
      .toEqual([]);
    return plan;
  };

  /** What of each person says that it was changed: data, key, journal, audit trail and outbox, in the given order. */
  const said = async (users: readonly string[]) =>
    await calls.rows(
      `SELECT NOT u.is_active AND u.rpm_limit = 1 AS data, NOT k.is_active AS key,
         (SELECT count(*)::int FROM litemaas_console.changes c
          WHERE c.record_id = u.id::text AND c.before = '{"isActive": true, "rpmLimit": "60"}') AS journal,
         (SELECT count(*)::int FROM litemaas_console.changes c JOIN litemaas_console.changes o ON o.id = c.part_of
          WHERE c.record_id = k.id::text AND o.record_id = u.id::text) AS parts,
         (SELECT count(*)::int FROM public.audit_logs a WHERE a.resource_id IN (u.id::text, k.id::text)) AS audits,
         (SELECT count(*)::int FROM litemaas_console.outbox o WHERE o.record_id IN (u.id::text, k.id::text)) AS outbox
       FROM unnest($1::uuid[]) WITH ORDINALITY AS person (id, place)
       JOIN public.users u ON u.id = person.id JOIN public.api_keys k ON k.user_id = u.id ORDER BY place`,
      [users],
    );
  const changed = { data: true, key: true, journal: 1, parts: 1, audits: 2, outbox: 2 };
  const untouched = { data: false, key: false, journal: 0, parts: 0, audits: 0, outbox: 0 };

  it.each(moments)(
    'leaves whole slices (begun: $begun, after $afterMs ms); the same change made again does the rest, and nothing twice',
    async (moment) => {
      const users = await makePeople();
      const plan = await killOne(users, moment);
      const found = await said(users);
      const done = found.filter(({ data }) => data === true).length;
      expect(done % sliceSize).toBe(0);
      expect(done).toBeGreaterThanOrEqual((moment.begun - 1) * sliceSize);
      expect(found).toEqual(users.map((_, place) => (place < done ? changed : untouched)));

      // The plan went with its console: that is said, and nothing is done by its name.
      await expect(calls.run(plan, 'left the company')).rejects.toMatchObject({
        code: 'conflict',
        message: 'This change is not known here any more.',
      });
      expect(await said(users)).toEqual(found);

      const again = await calls.preview(await Promise.all(users.map(calls.seen)), {
        isActive: false,
        rpmLimit: '1',
      });
      expect(again).toMatchObject({ unchanged: done, toChange: users.length - done });
      expect(await calls.run(again, 'left the company')).toMatchObject({ done: users.length - done });
      expect(await said(users)).toEqual(users.map(() => changed));

      // Both halves can be taken back, also the one whose console is gone.
      if (done > 0) expect(await calls.undo(plan)).toMatchObject({ done });
      if (done < users.length)
        expect(await calls.undo(again.plan)).toMatchObject({ done: users.length - done });
      const [left] = await calls.rows(
        `SELECT count(*)::int AS n FROM public.users u JOIN public.api_keys k ON k.user_id = u.id
         WHERE u.id = ANY($1::uuid[]) AND u.is_active AND k.is_active AND u.rpm_limit = 60`,
        [users],
      );
      expect(left).toEqual({ n: users.length });
    },
    120_000,
  );
});
