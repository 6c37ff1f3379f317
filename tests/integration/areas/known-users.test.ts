import { afterAll, beforeAll, expect, it } from 'vitest';
import { insertUser } from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { type AreaCalls, openAreaCalls } from './area-calls';

describeOnEachPostgres('whom a pasted list would make twice', (major) => {
  let areas: AreaCalls;
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    areas = await openAreaCalls({ major });
    for (const [username, email, isActive] of [
      ['ana', 'Ana@Example.org', true],
      ['ana-2', 'ana@example.org', false],
      // As somebody else's program wrote it.
      ['Zoe\u0308', 'zoe\u0308@example.org', true],
      ['otto', 'otto@example.org', true],
    ] as const) {
      ids[username] = (await insertUser(areas.client, { username, email, is_active: isActive })).id;
    }
  });
  afterAll(() => areas.close());

  it('finds everybody who has an address, in any case and either form, and whether they are active', async () => {
    const asked = ['ANA@example.org', 'zo\u00EB@example.org', '\u043Etto@example.org', 'bea@example.org'];
    const found = async (email: string, label: string, isActive: boolean) => {
      const id = ids[label] ?? '';
      const { version } = await areas.ask('users', 'get', { id });
      return { email, id, label, isActive, version };
    };
    expect((await areas.ask('users', 'known', { emails: asked, usernames: [] })).holders).toEqual([
      await found('ANA@example.org', 'ana', true),
      await found('ANA@example.org', 'ana-2', false),
      await found('zo\u00EB@example.org', 'Zoe\u0308', true),
    ]);
  });

  it('says which usernames are taken', async () => {
    const usernames = ['Ana', 'zo\u00EB', 'bea', 'ott'];
    expect(await areas.ask('users', 'known', { emails: [], usernames })).toEqual({
      holders: [],
      usernames: ['Ana', 'zo\u00EB'],
    });
  });

  it('are shown by the list that is asked for their ids', async () => {
    const chosen = [ids['otto'], ids['ana']].join();
    const { rows, total } = await areas.ask('users', 'list', { filters: { ids: chosen } });
    expect(total).toBe(2);
    expect(rows.map(({ username }) => username)).toEqual(['ana', 'otto']);
    await expect(areas.ask('users', 'list', { filters: { ids: `${chosen},` } })).rejects.toThrow('ids');
  });

  it('is quick with a whole list', async () => {
    await areas.client.query(
      `INSERT INTO public.users (username, email, oauth_provider, oauth_id)
       SELECT 'many-' || n, 'Many-' || n || '@example.org', 'test', 'many-' || n FROM generate_series(1, 20000) n`,
    );
    await areas.client.query('ANALYZE public.users');
    const names = Array.from({ length: 1_000 }, (_, index) => `many-${index + 1}`);
    const begun = performance.now();
    const known = await areas.ask('users', 'known', {
      emails: names.map((name) => `${name}@example.org`),
      usernames: names,
    });
    expect(known.holders).toHaveLength(1_000);
    expect(known.usernames).toHaveLength(1_000);
    expect(performance.now() - begun).toBeLessThan(3_000);
  });
});
