import * as z from 'zod';
import { instant } from './values';

/** Up to this many characters of a text or JSON column cross to a record's page; SQL cuts what is longer. */
export const maxLongText = 20_000;

/** A column that may hold megabytes: its beginning, without secrets, and how long it is in all. */
export const longText = z.object({
  text: z.string(),
  /** Characters of the whole value as PostgreSQL writes it. */
  characters: z.int().min(0),
  isCut: z.boolean(),
});
export type LongText = z.infer<typeof longText>;

/** What the console knows of a record's counterpart in a LiteLLM proxy. */
export const remoteRecord = z.object({
  /** The proxy's address. */
  proxy: z.string(),
  /** Its id there; NULL for a key, whose id is derived from its value. */
  remoteId: z.string().nullable(),
  /** `linked`, `conflict`, `homeless` or `missing`. */
  state: z.string(),
  /** A code: what a person should know about it. */
  reason: z.string().nullable(),
  error: z.string().nullable(),
  firstSeenAt: instant,
  /** When a complete pull last found it. */
  seenAt: instant,
});
export type RemoteRecord = z.infer<typeof remoteRecord>;

/** What LiteLLM was not told yet of a record: nothing, something, or that access was taken away, which still works there. */
export const untold = z.enum(['none', 'waits', 'access']);
export type Untold = z.infer<typeof untold>;

/** Something that LiteLLM was not told yet. */
export const untoldNews = z.object({
  /** The proxy's address. */
  proxy: z.string(),
  /** The contract's names of the fields. */
  fields: z.array(z.string()).max(50),
  takesAway: z.boolean(),
  /** `waiting`, `sending`, `unknown`, `refused` or `conflict`. */
  state: z.string(),
  /** Why it was not told the last time that was tried; NULL where it never was. */
  problem: z.string().nullable(),
  since: instant,
});
export type UntoldNews = z.infer<typeof untoldNews>;
