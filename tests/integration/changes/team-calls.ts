import type { ChangePreview, ChangeResult } from '../../../src/shared/contract/changes';
import type { TeamChanges } from '../../../src/shared/contract/teams';
import type { PostgresMajor } from '../../support/postgres-cluster';
import { type ChangeCalls, openChangeCalls } from './change-calls';

/** A workspace with what changing teams takes. */
export interface TeamCalls extends ChangeCalls {
  /** A team as its page shows it now: what a form is filled from. */
  seenTeam(id: string): Promise<{ readonly id: string; readonly version: string }>;
  previewTeams(ids: readonly string[], changes: TeamChanges): Promise<ChangePreview>;
  /** Previews and runs, as a person who agrees at once. */
  changeTeams(ids: readonly string[], changes: TeamChanges): Promise<ChangeResult>;
  previewDeletion(ids: readonly string[]): Promise<ChangePreview>;
  team(id: string): Promise<Record<string, unknown>>;
}

/** Opens a migrated database and its procedures. */
export async function openTeamCalls(options: { readonly major?: PostgresMajor } = {}): Promise<TeamCalls> {
  const calls = await openChangeCalls(options);
  const seenTeam: TeamCalls['seenTeam'] = async (id) => {
    const { version } = await calls.ask('teams', 'get', { id });
    return { id, version };
  };
  const selected = async (ids: readonly string[]) => ({ selected: await Promise.all(ids.map(seenTeam)) });
  const previewTeams: TeamCalls['previewTeams'] = async (ids, changes) =>
    calls.ask('teams', 'previewUpdate', { targets: await selected(ids), changes });
  return {
    ...calls,
    seenTeam,
    previewTeams,
    changeTeams: async (ids, changes) => calls.run(await previewTeams(ids, changes), 'as agreed'),
    previewDeletion: async (ids) => calls.ask('teams', 'previewDelete', { targets: await selected(ids) }),
    async team(id) {
      const [row = {}] = await calls.rows('SELECT * FROM public.teams WHERE id = $1', [id]);
      return row;
    },
  };
}
