import { sql, type SQL } from 'drizzle-orm';
import * as z from 'zod';
import { recordHit, type RecordKind } from '../../shared/contract/search';
import { apiKeyLabel } from '../api-keys/api-key-rows';
import { visibleEmail } from '../users/email';
import { from } from '../postgres/relations';

/** How a kind of record is named, and by what it is found. */
interface RecordSource {
  readonly table: SQL;
  readonly id: SQL;
  readonly idType: 'uuid' | 'text';
  /** What `label` and `details` need joined; it neither adds nor removes rows. */
  readonly join: SQL;
  readonly label: SQL;
  readonly details: readonly SQL[];
  /** Columns that may be, begin with or contain the text. */
  readonly names: readonly SQL[];
  /** Whether an index over `lower(column)` serves what begins with the text; else trigrams do. */
  readonly hasPrefixIndexes: boolean;
}

/** Selects neither the value of an API key nor its hash. */
export const recordSources: Record<RecordKind, RecordSource> = {
  user: {
    table: from('users', 'u'),
    id: sql`u.id`,
    idType: 'uuid',
    join: sql``,
    label: sql`u.username`,
    details: [sql`u.full_name`, visibleEmail(sql`u.email`)],
    names: [sql`u.username`, sql`u.email`, sql`u.full_name`],
    hasPrefixIndexes: true,
  },
  team: {
    table: from('teams', 't'),
    id: sql`t.id`,
    idType: 'uuid',
    join: sql``,
    label: sql`t.name`,
    details: [sql`t.alias`],
    names: [sql`t.name`, sql`t.alias`],
    hasPrefixIndexes: false,
  },
  model: {
    table: from('models', 'm'),
    id: sql`m.id`,
    idType: 'text',
    join: sql``,
    label: sql`m.name`,
    details: [sql`nullif(m.id, m.name)`, sql`m.provider`],
    names: [sql`m.name`, sql`m.id`, sql`m.provider`],
    hasPrefixIndexes: false,
  },
  subscription: {
    table: from('subscriptions', 's'),
    id: sql`s.id`,
    idType: 'uuid',
    join: sql`JOIN ${from('users', 'owner')} ON owner.id = s.user_id JOIN ${from('models', 'subscribed')} ON subscribed.id = s.model_id`,
    label: sql`owner.username`,
    details: [sql`subscribed.name`],
    // It has no name: it is found through its subscriber and its model.
    names: [],
    hasPrefixIndexes: false,
  },
  apiKey: {
    table: from('api_keys', 'k'),
    id: sql`k.id`,
    idType: 'uuid',
    join: sql`JOIN ${from('users', 'owner')} ON owner.id = k.user_id`,
    label: apiKeyLabel,
    details: [sql`k.key_prefix`, sql`owner.username`],
    names: [sql`k.name`, sql`k.litellm_key_alias`],
    hasPrefixIndexes: true,
  },
};

/** What {@link describeHits} gives. */
export const placedHit = recordHit.extend({ place: z.int() });

/** The hits of one kind as rows (kind, id, label, details, place), from a relation `found` (id, place). */
export function describeHits(kind: RecordKind, found: SQL): SQL {
  const { table, id, join, label, details } = recordSources[kind];
  return sql`
    SELECT ${kind}::text AS kind, ${id}::text AS id, ${label} AS label,
      to_jsonb(array_remove(ARRAY[${sql.join([...details], sql`, `)}]::text[], NULL)) AS details, found.place
    FROM ${found} AS found JOIN ${table} ON ${id} = found.id ${join}`;
}
