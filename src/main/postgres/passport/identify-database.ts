import type pg from 'pg';
import * as z from 'zod';
import type { Passport } from '../../../shared/contract/passport';
import { findGeneration, type FoundGeneration, generations, retiredTables } from './upstream-generations';
import { describePassport } from './statement';

/**
 * Says which database this is, from PostgreSQL's catalogue alone (12 and newer): no table is read, so that a role
 * without any right is answered too, and nothing is created. Looks at every schema; where several could be meant,
 * `public` decides, then the first by name: not the search path, which is the database's to set and not what we read by.
 * @throws the database's own error when the connection is lost.
 */
export async function identifyDatabase(client: pg.ClientBase): Promise<Passport> {
  const { rows } = await client.query(factsQuery, [tablesAsked, columnsAsked]);
  const [facts] = z.tuple([factsRow]).parse(rows);
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

const schemaFacts = z.strictObject({
  schema: z.string(),
  present: z.array(z.string()),
  has_status_enum: z.boolean(),
});

const factsRow = z.strictObject({
  /** The ledger with the column that our runner adds to drizzle's. */
  holds_ledger: z.boolean(),
  holds_console: z.boolean(),
  holds_litellm: z.boolean(),
  /** Any table or view that neither an extension nor our ledger brought. */
  holds_anything: z.boolean(),
  /** Schemas with one of the names asked for, `public` first. */
  schemas: z.array(schemaFacts),
});

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
}: z.infer<typeof schemaFacts>): Family | null {
  const names = new Set(present);
  if (hasStatusEnum && names.has(documentMark)) return { kind: 'document', schema, generation: null };
  const generation = findGeneration(names);
  return generation && { kind: 'litemaas', schema, generation };
}

const fingerprints = [documentMark, ...retiredTables, ...generations.flatMap(({ added }) => added)];
const tablesAsked = fingerprints.filter((name) => !name.includes('.'));
const columnsAsked = fingerprints.filter((name) => name.includes('.'));

// Types, functions and operators too: this is among the first that a connection runs, and a database may be hostile.
const factsQuery = `
  WITH namespaces AS (
    SELECT oid, nspname::pg_catalog.text AS name
    FROM pg_catalog.pg_namespace
    WHERE nspname OPERATOR(pg_catalog.!~) '^pg_' AND nspname OPERATOR(pg_catalog.<>) 'information_schema'
  ), relations AS (
    SELECT c.oid, c.relname::pg_catalog.text AS name, c.relnamespace
    FROM pg_catalog.pg_class c
    JOIN namespaces n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
    WHERE c.relkind OPERATOR(pg_catalog.=) ANY ('{r,p,v,m,f}'::pg_catalog."char"[])
  ), columns AS (
    SELECT r.oid, r.relnamespace, r.name AS relation, a.attname::pg_catalog.text AS name
    FROM relations r
    JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) r.oid
    WHERE a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
  ), ledger AS (
    SELECT c.oid
    FROM columns c
    JOIN namespaces n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace AND n.name OPERATOR(pg_catalog.=) 'drizzle'
    WHERE c.relation OPERATOR(pg_catalog.=) '__drizzle_migrations' AND c.name OPERATOR(pg_catalog.=) 'applied_at'
  ), present AS (
    SELECT r.relnamespace, r.name
    FROM relations r
    WHERE r.name OPERATOR(pg_catalog.=) ANY ($1::pg_catalog.text[])
    UNION ALL
    SELECT c.relnamespace, pg_catalog.format('%s.%s', c.relation, c.name)
    FROM columns c
    WHERE c.relation OPERATOR(pg_catalog.=) ANY ('{users,models,subscriptions,api_keys}'::pg_catalog.text[])
      AND pg_catalog.format('%s.%s', c.relation, c.name) OPERATOR(pg_catalog.=) ANY ($2::pg_catalog.text[])
  ), schemas AS (
    SELECT
      n.name,
      pg_catalog.array_agg(DISTINCT p.name) AS present,
      EXISTS (
        SELECT FROM pg_catalog.pg_type t
        WHERE t.typnamespace OPERATOR(pg_catalog.=) n.oid AND t.typtype OPERATOR(pg_catalog.=) 'e'
          AND t.typname OPERATOR(pg_catalog.=) 'subscription_status'
      ) AS has_status_enum
    FROM present p
    JOIN namespaces n ON n.oid OPERATOR(pg_catalog.=) p.relnamespace
    GROUP BY n.oid, n.name
  )
  SELECT
    EXISTS (SELECT FROM ledger) AS holds_ledger,
    EXISTS (
      SELECT FROM relations r
      JOIN namespaces n ON n.oid OPERATOR(pg_catalog.=) r.relnamespace
      WHERE n.name OPERATOR(pg_catalog.=) 'litemaas_console' AND r.name OPERATOR(pg_catalog.=) 'settings'
    ) AS holds_console,
    EXISTS (
      SELECT FROM relations
      WHERE name OPERATOR(pg_catalog.=) ANY (
        '{LiteLLM_UserTable,LiteLLM_VerificationToken,LiteLLM_TeamTable,LiteLLM_SpendLogs}'::pg_catalog.text[])
    ) AS holds_litellm,
    EXISTS (
      SELECT FROM relations r
      WHERE NOT EXISTS (SELECT FROM ledger WHERE ledger.oid OPERATOR(pg_catalog.=) r.oid)
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend d
          WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
            AND d.objid OPERATOR(pg_catalog.=) r.oid AND d.deptype OPERATOR(pg_catalog.=) 'e'
        )
    ) AS holds_anything,
    COALESCE(
      (
        SELECT pg_catalog.jsonb_agg(
          pg_catalog.jsonb_build_object(
            'schema', name, 'present', present, 'has_status_enum', has_status_enum)
          ORDER BY name OPERATOR(pg_catalog.<>) 'public', name)
        FROM schemas
      ),
      '[]'
    ) AS schemas`;
