import * as z from 'zod';
import { recordKinds } from '../records/index';
import { query } from './define';
import { searchText } from './values';

/** Of each kind at most this many are offered. */
export const hitsPerKind = 5;
/** A person's latest picks. */
export const mostRecent = 8;

const recordName = z.strictObject({ kind: z.enum(recordKinds), id: z.string().min(1).max(255) });
export type RecordName = z.infer<typeof recordName>;

export const recordHit = recordName.extend({
  /** What a person recognises it by; of a subscription its subscriber. */
  label: z.string(),
  /** What tells it from others of that name: an address, an alias, a model, a prefix. */
  details: z.array(z.string()).max(2),
});
export type RecordHit = z.infer<typeof recordHit>;

/** The command palette: one box over every kind of record. */
export const searchContract = {
  /**
   * Records that are called, begin with or contain the text, by kind and in that order. A whole `sk-…` finds its key
   * by hash.
   */
  everything: query({
    scope: 'schema',
    input: z.strictObject({ search: searchText }),
    output: z.object({ hits: z.array(recordHit).max(recordKinds.length * hitsPerKind) }),
  }),
  /** The given records in the given order; those that are gone are left out. */
  records: query({
    scope: 'schema',
    input: z.strictObject({ records: z.array(recordName).max(mostRecent) }),
    output: z.object({ hits: z.array(recordHit).max(mostRecent) }),
  }),
};
