import { expect, it } from 'vitest';
import { insertApiKey, insertSubscription, insertTeam, insertTeamMember } from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import { belongings, usage, openMergeWorld } from './merge-world';

describeOnEachPostgres('merging users beside others', (major) => {
  const { calls, state, makePair, previewOf, merge, use, subscriptionsOf } = openMergeWorld(major);

  it.each(['from', 'into'] as const)(
    'leaves everything alone where `%s` was changed meanwhile',
    async (which) => {
      const pair = await makePair();
      const seen = { from: await calls().seen(pair.from), into: await calls().seen(pair.into) };
      const planned = await calls().ask('users', 'previewMerge', seen);
      await calls().change([pair[which]], { fullName: 'Somebody else' });
      // Between review and run.
      expect(await calls().run(planned, 'one person')).toMatchObject({
        done: 0,
        problems: [{ id: pair.from, outcome: 'changed_since' }],
      });
      expect(await calls().user(pair.from)).toMatchObject({ is_active: true });
      // Before the review.
      const preview = await calls().ask('users', 'previewMerge', seen);
      expect(preview).toMatchObject({
        toChange: 0,
        conflictCount: 1,
        conflicts: [
          {
            id: pair[which],
            now: { fullName: 'Somebody else' },
            wanted: which === 'from' ? { isActive: false } : {},
            changedBy: expect.stringContaining('@') as string,
          },
        ],
      });
      expect(preview.findings).toEqual([]);
    },
  );

  it.each([
    [
      'a membership that became admin',
      `UPDATE public.team_members SET role = 'admin' WHERE user_id = $1`,
      'changed_since',
    ],
    [
      'a key that went to somebody else',
      `UPDATE public.api_keys SET user_id = (SELECT id FROM public.users WHERE username = 'keeper') WHERE user_id = $1`,
      'changed_since',
    ],
    [
      'a subscription that was suspended',
      `UPDATE public.subscriptions SET status = 'suspended' WHERE user_id = $1`,
      'changed_since',
    ],
    [
      'a subscription that was used',
      `INSERT INTO public.usage_logs (subscription_id, model_id, request_tokens, response_tokens) SELECT id, model_id, 1, 1 FROM public.subscriptions WHERE user_id = $1`,
      'failed',
    ],
    [
      'another key',
      `INSERT INTO public.api_keys (user_id, key_hash, key_prefix) VALUES ($1, gen_random_uuid()::text, 'sk-new')`,
      'refused',
    ],
    [
      'another membership',
      `INSERT INTO public.team_members (user_id, team_id) SELECT $1, id FROM public.teams WHERE name = 'Later'`,
      'refused',
    ],
    [
      'another subscription',
      `INSERT INTO public.subscriptions (user_id, model_id, status) VALUES ($1, 'phi', 'active')`,
      'refused',
    ],
  ])(
    'leaves everything alone where the duplicate got %s since the review',
    async (_what, statement, outcome) => {
      await calls().rows(
        `INSERT INTO public.teams (name) SELECT 'Later' WHERE NOT EXISTS (SELECT FROM public.teams WHERE name = 'Later')`,
      );
      const pair = await makePair();
      const team = await insertTeam(calls().client);
      await insertTeamMember(calls().client, { team_id: team.id, user_id: pair.from });
      await insertSubscription(calls().client, { user_id: pair.from, model_id: 'gpt' });
      await insertApiKey(calls().client, { user_id: pair.from });
      const preview = await previewOf(pair);
      await calls().rows(statement, [pair.from]);
      const before = await state([...belongings, ...usage]);
      expect(await calls().run(preview, 'one person')).toMatchObject({ done: 0, problems: [{ outcome }] });
      expect(await state([...belongings, ...usage])).toEqual(before);
      expect(await merge(pair)).toMatchObject({ done: 1 });
    },
  );

  const expectRefusal = async (batchId: string, text: string) => {
    const preview = await calls().ask('changes', 'previewUndo', { batchId });
    expect(preview).toMatchObject({ toChange: 0, refused: 1, findings: [{ severity: 'error', text }] });
    await expect(calls().run(preview, 'taken back')).rejects.toMatchObject({
      code: 'validation',
      message: text,
    });
  };

  it('leaves everything alone where the duplicate got a key before it is merged again by undoing the undo', async () => {
    const pair = await makePair();
    const { batchId } = await merge(pair);
    const undone = await calls().undo(batchId);
    const { id } = await insertApiKey(calls().client, { user_id: pair.from });
    await expectRefusal(undone.batchId, 'The duplicate got something more since you looked.');
    await calls().rows('DELETE FROM public.api_keys WHERE id = $1', [id]);
    // Between review and run.
    const preview = await calls().ask('changes', 'previewUndo', { batchId: undone.batchId });
    await insertApiKey(calls().client, { id, user_id: pair.from });
    const before = await state(belongings);
    expect(await calls().run(preview, 'again')).toMatchObject({
      done: 0,
      problems: [{ outcome: 'refused' }],
    });
    expect(await state(belongings)).toEqual(before);
    await calls().rows('DELETE FROM public.api_keys WHERE id = $1', [id]);
    expect(await calls().undo(undone.batchId)).toMatchObject({ done: 1 });
  });

  it('moves a used subscription also while it is being used', async () => {
    const pair = await makePair();
    const { id } = await insertSubscription(calls().client, { user_id: pair.from, model_id: 'gpt' });
    await use(id, 'gpt');
    const preview = await previewOf(pair);
    await use(id, 'gpt');
    expect(await calls().run(preview, 'one person')).toMatchObject({ done: 1 });
    expect(await subscriptionsOf(pair.from)).toMatchObject([{ status: 'cancelled', used: '2' }]);
    expect(await subscriptionsOf(pair.into)).toMatchObject([{ status: 'active', used: '0' }]);
  });

  it('is not taken back where what moved was used since, also between review and run', async () => {
    const pair = await makePair();
    await insertSubscription(calls().client, { user_id: pair.from, model_id: 'gpt' });
    const used = await insertSubscription(calls().client, { user_id: pair.from, model_id: 'claude' });
    await use(used.id, 'claude');
    const { batchId } = await merge(pair);
    const undo = await calls().ask('changes', 'previewUndo', { batchId });
    expect(undo.toChange).toBe(1);
    const [opened] = await calls().rows(
      `SELECT id FROM public.subscriptions WHERE user_id = $1 AND model_id = 'claude'`,
      [pair.into],
    );
    // As an import of history does: no counter moves.
    await calls().rows(`SELECT set_config('litemaas.count_usage', 'off', false)`);
    await use(String(opened?.['id']), 'claude');
    await calls().rows(`SELECT set_config('litemaas.count_usage', 'on', false)`);
    const before = await state([...belongings, ...usage]);
    expect(await calls().run(undo, 'two people')).toMatchObject({
      done: 0,
      problems: [{ outcome: 'refused', text: expect.stringContaining('claude') as string }],
    });
    expect(await state([...belongings, ...usage])).toEqual(before);
    const late = await calls().ask('changes', 'previewUndo', { batchId });
    expect(late).toMatchObject({ toChange: 0, refused: 1, findings: [{ severity: 'error' }] });
  });

  it('is not taken back where the duplicate has another active subscription to the model by now', async () => {
    const pair = await makePair();
    await insertSubscription(calls().client, { user_id: pair.from, model_id: 'gpt' });
    const used = await insertSubscription(calls().client, { user_id: pair.from, model_id: 'claude' });
    await use(used.id, 'claude');
    const { batchId } = await merge(pair);
    await insertSubscription(calls().client, { user_id: pair.from, model_id: 'gpt', status: 'suspended' });
    expect(await calls().ask('changes', 'previewUndo', { batchId, recordId: null })).toMatchObject({
      toChange: 1,
    });
    for (const model of ['gpt', 'claude']) {
      const { id } = await insertSubscription(calls().client, { user_id: pair.from, model_id: model });
      expect(await calls().ask('changes', 'previewUndo', { batchId, recordId: null })).toMatchObject({
        toChange: 0,
        refused: 1,
        findings: [
          {
            severity: 'error',
            text: expect.stringContaining(model) as string,
            examples: [{ id, label: model }],
          },
        ],
      });
      await calls().rows('DELETE FROM public.subscriptions WHERE id = $1', [id]);
    }
    expect(await calls().undo(batchId)).toMatchObject({ done: 1 });
  });

  it('is not taken back over what others made in the place of what moved', async () => {
    const pair = await makePair();
    const team = await insertTeam(calls().client);
    await insertTeamMember(calls().client, { team_id: team.id, user_id: pair.from });
    const { batchId } = await merge(pair);
    const preview = await calls().ask('changes', 'previewUndo', { batchId });
    await insertTeamMember(calls().client, { team_id: team.id, user_id: pair.from });
    const before = await state(belongings);
    await expectRefusal(
      batchId,
      `Whoever would get a membership back has another one by now: ${team.name}. End that one first.`,
    );
    expect(await calls().run(preview, 'a mistake')).toMatchObject({
      done: 0,
      problems: [{ outcome: 'failed' }],
    });
    expect(await state(belongings)).toEqual(before);
  });

  it('is not taken back, nor made again, where a row of a table of the site refers to what would end', async () => {
    const pair = await makePair();
    const { id } = await insertTeam(calls().client);
    await insertTeamMember(calls().client, { team_id: id, user_id: pair.from });
    await insertTeamMember(calls().client, { team_id: id, user_id: pair.into });
    const subscription = await insertSubscription(calls().client, { user_id: pair.from, model_id: 'gpt' });
    await use(subscription.id, 'gpt');
    const { batchId } = await merge(pair);
    await calls().rows(`
      CREATE TABLE public.site_badges (member uuid REFERENCES public.team_members ON DELETE CASCADE,
        subscription uuid REFERENCES public.subscriptions ON DELETE SET NULL)`);
    const text =
      'Rows of other tables refer to a membership or a subscription that would end: public.site_badges.';
    try {
      await calls().rows(
        'INSERT INTO public.site_badges (subscription) SELECT id FROM public.subscriptions WHERE user_id = $1',
        [pair.into],
      );
      await expectRefusal(batchId, text);
      await calls().rows('DELETE FROM public.site_badges');
      const undone = await calls().undo(batchId);
      expect(undone).toMatchObject({ done: 1 });
      await calls().rows(
        'INSERT INTO public.site_badges (member) SELECT id FROM public.team_members WHERE team_id = $1 AND user_id = $2',
        [id, pair.from],
      );
      await expectRefusal(undone.batchId, text);
      await calls().rows('DELETE FROM public.site_badges');
      expect(await calls().undo(undone.batchId)).toMatchObject({ done: 1 });
    } finally {
      await calls().rows('DROP TABLE public.site_badges');
    }
  });

  it('ends no membership that a row of a table of the site refers to, also between review and run', async () => {
    const pair = await makePair();
    const { id } = await insertTeam(calls().client);
    await insertTeamMember(calls().client, { team_id: id, user_id: pair.from });
    await insertTeamMember(calls().client, { team_id: id, user_id: pair.into });
    await calls().rows(
      'CREATE TABLE public.site_badges (member uuid REFERENCES public.team_members ON DELETE CASCADE)',
    );
    try {
      const preview = await previewOf(pair);
      expect(preview).toMatchObject({ toChange: 1 });
      await calls().rows(
        'INSERT INTO public.site_badges SELECT id FROM public.team_members WHERE team_id = $1 AND user_id = $2',
        [id, pair.from],
      );
      const message =
        'Rows of other tables refer to a membership or a subscription that would end: public.site_badges.';
      await expect(previewOf(pair)).rejects.toMatchObject({ code: 'validation', message });
      expect(await calls().run(preview, 'one person')).toMatchObject({
        done: 0,
        problems: [{ outcome: 'refused', text: message }],
      });
      expect(await calls().rows('SELECT FROM public.site_badges')).toHaveLength(1);
    } finally {
      await calls().rows('DROP TABLE public.site_badges');
    }
    expect(await merge(pair)).toMatchObject({ done: 1 });
  });

  it('asks for a reason, and for a right to each table', async () => {
    const pair = await makePair();
    await insertApiKey(calls().client, { user_id: pair.from });
    const preview = await previewOf(pair);
    await expect(calls().run(preview)).rejects.toMatchObject({ code: 'validation' });
    const before = await state(belongings);
    for (const table of ['users', 'api_keys', 'team_members']) {
      const right = table === 'team_members' ? 'DELETE' : 'UPDATE';
      await calls().client.query(`REVOKE ${right} ON public.${table} FROM CURRENT_USER`);
      await expect(calls().run(preview, 'one person')).rejects.toMatchObject({ code: 'db_permission' });
      await calls().client.query(`GRANT ${right} ON public.${table} TO CURRENT_USER`);
      expect(await state(belongings)).toEqual(before);
    }
    expect(await calls().run(preview, 'one person')).toMatchObject({ done: 1 });
  });

  it('waits for nobody: what another session holds is left alone and tried again', async () => {
    const pair = await makePair();
    const preview = await previewOf(pair);
    const other = await openTestSession(calls().workspace.database.config);
    try {
      await other.query('BEGIN');
      await other.query('SELECT FROM public.users WHERE id = $1 FOR UPDATE', [pair.into]);
      expect(await calls().run(preview, 'one person')).toMatchObject({
        done: 0,
        problems: [{ outcome: 'failed' }],
      });
      await other.query('ROLLBACK');
      expect(await calls().run(preview, 'one person')).toMatchObject({ done: 1 });
    } finally {
      await other.end();
    }
  });

  it('switches nobody off to whom another session is giving a key', async () => {
    const pair = await makePair();
    const preview = await previewOf(pair);
    const other = await openTestSession(calls().workspace.database.config);
    try {
      await other.query('BEGIN');
      await insertApiKey(other, { user_id: pair.from });
      expect(await calls().run(preview, 'one person')).toMatchObject({
        done: 0,
        problems: [{ outcome: 'failed' }],
      });
      expect(await calls().user(pair.from)).toMatchObject({ is_active: true });
      await other.query('ROLLBACK');
      expect(await calls().run(preview, 'one person')).toMatchObject({ done: 1 });
    } finally {
      await other.end();
    }
  });
});
