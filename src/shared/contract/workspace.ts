import * as z from 'zod';
import { command, job, query } from './define';
import { emptyInput, emptyOutput, instant } from './values';

const access = z.enum(['read-only', 'administer']);

const profileSummary = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['local', 'server']),
  environmentLabel: z.string(),
  colour: z.string(),
  access,
  /** Without password. */
  location: z.string(),
  lastOpenedAt: instant.nullable(),
});
export type ProfileSummary = z.infer<typeof profileSummary>;

export const workspaceContract = {
  /** Known workspaces, last opened first, and what a new local database would find. */
  list: query({
    scope: 'app',
    input: emptyInput,
    output: z.object({
      profiles: z.array(profileSummary),
      local: z.object({
        state: z.enum(['absent', 'stopped', 'running', 'incompatible', 'unavailable']),
        /** Why it cannot be used, where it cannot. */
        message: z.string().nullable(),
        dataFolder: z.string(),
      }),
      /** Set when the profile file was damaged or newer: the name of the copy that was kept. */
      profilesSetAside: z.string().nullable(),
    }),
  }),
  /** The one click: start the shipped PostgreSQL, create the database, migrate, optionally load the demo, open. */
  setUpLocal: job({
    scope: 'app',
    writes: false,
    input: z.strictObject({ demo: z.boolean() }),
    output: z.object({ workspaceId: z.string(), elapsedMs: z.number() }),
  }),
  /** Opens a PostgreSQL server given by URI. Changes nothing in it: migrating is a step of its own. */
  connect: job({
    scope: 'app',
    writes: false,
    input: z.strictObject({
      uri: z.string().min(1).max(2000),
      name: z.string().trim().min(1).max(80),
      /** Overrides the URI's password; write-only. */
      password: z.string().max(1000).optional(),
      access,
    }),
    output: z.object({ workspaceId: z.string() }),
  }),
  /** Opens a known workspace; `password` only when the stored one could not be read. */
  open: job({
    scope: 'app',
    writes: false,
    input: z.strictObject({ workspaceId: z.string(), password: z.string().max(1000).optional() }),
    output: z.object({ workspaceId: z.string() }),
  }),
  close: command({ scope: 'app', writes: false, input: emptyInput, output: emptyOutput }),
  /** Removes the profile and its secrets; data stays where it is. */
  forget: command({
    scope: 'app',
    writes: false,
    input: z.strictObject({ workspaceId: z.string() }),
    output: emptyOutput,
  }),
};
