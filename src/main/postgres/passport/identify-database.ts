import type pg from 'pg';
import type { Passport } from '../../../shared/contract/passport';
import { findGeneration, type FoundGeneration, generations, retiredTables } from './upstream-generations';
import { describePassport } from './statement';

/**
 * Says which database this is, from PostgreSQL's catalogue alone (12 and newer): no table is read, so that a role
 * without any right is answered too, and nothing is created. Looks at every schema; where several could be meant, the
 * first of the search path, then `public`, decides.
 * @throws the database's own error when the connection is lost.
 */
export async function identifyDatabase(client: pg.ClientBase): Promise<Passport> {
  const { rows } = await client.query<Facts>(factsQuery, [tablesAsked, columnsAsked]);
  const facts = rows[0];
  if (!facts) throw new Error('The catalogue answered without a row.');
  const { holds_ledger: holdsLedger, holds_console: holdsConsole, holds_litellm: holdsLitellm } = facts;
  const families = facts.schemas.map(familyOf).filter((family) => family !== null);

  // Ours stays ours when somebody dropped a table of it: schema health says what is missing.
  const ours = holdsLedger && (holdsConsole || families.some(({ kind }) => kind === 'document'));
  const family = ours ? null : (families[0] ?? null);
  const kind = ours
    ? 'console'
    : (family?.kind ?? (holdsLitellm ? 'litellm' : facts.holds_anything ? 'other' : 'empty'));
  const generation = family?.generation ?? null;
  return {
    kind,
    generation: generation?.release ?? null,
    holdsLitellm,
    statement: describePassport({
      kind,
      generation,
      schema: family?.schema ?? null,
      holdsLitellm,
      lostLedger: kind === 'document' && holdsConsole,
    }),
  };
}

interface Facts {
  /** The ledger with the column that our runner adds to drizzle's. */
  holds_ledger: boolean;
  holds_console: boolean;
  holds_litellm: boolean;
  /** Any table or view that neither an extension nor our ledger brought. */
  holds_anything: boolean;
  /** Schemas with one of the names asked for, the search path's first. */
  schemas: { schema: string; present: string[]; has_status_enum: boolean }[];
}

interface Family {
  readonly kind: 'document' | 'litemaas';
  readonly schema: string;
  readonly generation: FoundGeneration | null;
}

/** The price column and the enum that only the schema document has. */
const documentMark = 'models.input_price_per_1k';

/** Which of the two LiteMaaS families a schema holds. Both marks: the document's, with LiteMaaS started on it. */
function familyOf({
  schema,
  present,
  has_status_enum: hasStatusEnum,
}: Facts['schemas'][number]): Family | null {
  const names = new Set(present);
  if (hasStatusEnum && names.has(documentMark)) return { kind: 'document', schema, generation: null };
  const generation = findGeneration(names);
  return generation && { kind: 'litemaas', schema, generation };
}

const fingerprints = [documentMark, ...retiredTables, ...generations.flatMap(({ added }) => added)];
const tablesAsked = fingerprints.filter((name) => !name.includes('.'));
const columnsAsked = fingerprints.filter((name) => name.includes('.'));

// Everything is qualified: the search path is the database's, and a database may be hostile.
const factsQuery = `
  WITH namespaces AS (
    SELECT oid, nspname::text AS name
    FROM pg_catalog.pg_namespace
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
  ), relations AS (
    SELECT c.oid, c.relname::text AS name, c.relnamespace
    FROM pg_catalog.pg_class c
    JOIN namespaces n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  ), ledger AS (
    SELECT r.oid
    FROM relations r
    JOIN namespaces n ON n.oid = r.relnamespace AND n.name = 'drizzle'
    JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attname = 'applied_at' AND NOT a.attisdropped
    WHERE r.name = '__drizzle_migrations'
  ), present AS (
    SELECT r.relnamespace, r.name
    FROM relations r
    WHERE r.name = ANY ($1::text[])
    UNION ALL
    SELECT r.relnamespace, r.name || '.' || a.attname
    FROM relations r
    JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE r.name IN ('users', 'models', 'subscriptions', 'api_keys') AND r.name || '.' || a.attname = ANY ($2::text[])
  ), schemas AS (
    SELECT
      n.name,
      pg_catalog.array_agg(DISTINCT p.name) AS present,
      EXISTS (
        SELECT FROM pg_catalog.pg_type t
        WHERE t.typnamespace = n.oid AND t.typname = 'subscription_status' AND t.typtype = 'e'
      ) AS has_status_enum,
      pg_catalog.array_position(pg_catalog.current_schemas(false)::text[], n.name) AS path_position
    FROM present p
    JOIN namespaces n ON n.oid = p.relnamespace
    GROUP BY n.oid, n.name
  )
  SELECT
    EXISTS (SELECT FROM ledger) AS holds_ledger,
    EXISTS (
      SELECT FROM relations r
      JOIN namespaces n ON n.oid = r.relnamespace
      WHERE n.name = 'litemaas_console' AND r.name = 'settings'
    ) AS holds_console,
    EXISTS (
      SELECT FROM relations
      WHERE name IN ('LiteLLM_UserTable', 'LiteLLM_VerificationToken', 'LiteLLM_TeamTable', 'LiteLLM_SpendLogs')
    ) AS holds_litellm,
    EXISTS (
      SELECT FROM relations r
      WHERE r.oid NOT IN (SELECT oid FROM ledger)
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend d
          WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = r.oid AND d.deptype = 'e'
        )
    ) AS holds_anything,
    COALESCE(
      (
        SELECT pg_catalog.jsonb_agg(
          pg_catalog.jsonb_build_object(
            'schema', name, 'present', present, 'has_status_enum', has_status_enum)
          ORDER BY path_position NULLS LAST, name <> 'public', name)
        FROM schemas
      ),
      '[]'
    ) AS schemas`;
