import { sql, type SQL } from 'drizzle-orm';
import * as z from 'zod';
import { recordHit } from '../../shared/contract/search';
import type { RecordKind } from '../../shared/records/index';
import { apiKeySource } from '../api-keys/api-keys-list';
import { modelSource } from '../models/models-list';
import type { RecordSource } from '../records/record-source';
import { subscriptionSource } from '../subscriptions/subscriptions-list';
import { teamSource } from '../teams/teams-list';
import { userSource } from '../users/users-list';

/** Selects neither the value of an API key nor its hash. */
export const recordSources: Record<RecordKind, RecordSource> = {
  user: userSource,
  team: teamSource,
  model: modelSource,
  subscription: subscriptionSource,
  apiKey: apiKeySource,
};

/** What {@link describeHits} gives. */
export const placedHit = recordHit.extend({ place: z.int() });

/** The hits of one kind as rows (kind, id, label, details, place), from a relation `found` (id, place). */
export function describeHits(kind: RecordKind, found: SQL): SQL {
  const { from, id, labelJoin = sql``, label, details } = recordSources[kind];
  return sql`
    SELECT ${kind}::text AS kind, ${id}::text AS id, ${label} AS label,
      to_jsonb(array_remove(ARRAY[${sql.join([...details], sql`, `)}]::text[], NULL)) AS details, found.place
    FROM ${found} AS found JOIN ${from} ON ${id} = found.id ${labelJoin}`;
}
