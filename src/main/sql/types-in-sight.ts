import type { UnnamedFunction } from './called-functions';
import { notFollowed } from './not-followed';
import { type CatalogueSession, ownQuery } from './own-query';

/** More than that attached to what a statement names: then it is not run. */
const mostExpressions = 5_000;
const mostFunctions = 1_000;
const mostTypes = 20_000;

/** What a statement names, or what runs with it: here begins what is looked through for types. */
export interface Sight {
  /** Types by their names, which may be made of any value; `schema` null: in any. */
  readonly names: readonly { readonly schema: string | null; readonly name: string }[];
  /** `pg_type.oid` of arguments and answers of functions. */
  readonly types: readonly string[];
  /** `pg_class.oid` */
  readonly relations: readonly number[];
  /**
   * Whether `CAST` may be used with one of PostgreSQL's own types without naming it as the catalogue does: `int` in a
   * body, or within `to_json(…)`.
   */
  readonly hidesCasts: boolean;
}

/** What runs because of types and relations, though nothing calls it by a name. */
interface Attached {
  /** As PostgreSQL prints them, every name qualified that lies outside of pg_catalog. */
  readonly expressions: readonly string[];
  readonly functions: readonly UnnamedFunction[];
  /** Types that are not PostgreSQL's own and that values in the statement may be of: `pg_type.oid`. */
  readonly types: readonly string[];
}

/**
 * Looks for what is attached to what a statement has in sight, in one question.
 *
 * Expressions run where a relation is read, or a value made into a type: policies (of the relation that is named, not of
 * those below it), generated columns, the expressions of indexes, keys, statistics and checks (planning works out what
 * is constant in them, in partitions and inheriting tables too), and the checks of domains, also of those that its
 * columns are of: a row of it may be filled with other values.
 *
 * Functions: what makes values of a named type, casts, what compares values (of ranges, indexes and partition keys too),
 * and what the planner estimates ranges with. A cast counts where both its ends are in sight, as PostgreSQL's own types
 * always are; one that is only for `CAST` where its target is named.
 * @throws AppError `read_only` where that is too much to look at.
 */
export async function attachedTo(
  { client, serverVersion }: CatalogueSession,
  { names, types, relations, hidesCasts }: Sight,
): Promise<Attached> {
  if (names.length + types.length + relations.length === 0)
    return { expressions: [], functions: [], types: [] };
  const rows = await ownQuery<{ kind: 'expression' | 'type' | 'cast' | 'in sight'; found: string | null }>(
    client,
    attachedQuery(serverVersion),
    [names.map(({ schema }) => schema), names.map(({ name }) => name), types, relations, hidesCasts],
  );
  const of = (kind: (typeof rows)[number]['kind']): readonly string[] => [
    ...new Set(rows.flatMap((row) => (row.kind === kind && row.found !== null ? [row.found] : []))),
  ];
  const expressions = of('expression');
  const functions = (['type', 'cast'] as const).flatMap((kind) => of(kind).map((oid) => ({ kind, oid })));
  const inSight = of('in sight');
  if (expressions.length > mostExpressions || functions.length > mostFunctions || inSight.length > mostTypes)
    throw notFollowed();
  return { expressions, functions, types: inSight };
}

/**
 * `isMade`: values of the type may be made of texts; `isNamed`: by `CAST`, to it or to what it is over or made of. Arrays
 * and ranges of a type come in sight with it, for functions make them of its values.
 */
function attachedQuery(serverVersion: number): string {
  // Both came with 14.
  const hasMultiranges = serverVersion >= 140_000;
  const hasStatisticExpressions = serverVersion >= 140_000;
  return `WITH RECURSIVE reached AS (
      SELECT t.oid AS type, true AS "isMade", true AS "isNamed"
      FROM ROWS FROM (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) AS wanted (schema, name)
      JOIN pg_catalog.pg_type AS t ON t.typname = wanted.name::name
      JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
        AND (wanted.schema IS NULL OR n.nspname = wanted.schema::name)
      UNION SELECT given.type, false, false FROM pg_catalog.unnest($3::oid[]) AS given (type)
      UNION SELECT c.reltype, false, false FROM pg_catalog.pg_class AS c WHERE c.oid = ANY ($4::oid[])
      UNION
      SELECT part.type, reached."isMade", reached."isNamed" AND part."isCast" FROM reached JOIN pg_catalog.pg_type AS t ON t.oid = reached.type
      CROSS JOIN LATERAL (
        SELECT t.typbasetype, true UNION ALL SELECT t.typelem, true
        UNION ALL SELECT a.atttypid, true FROM pg_catalog.pg_attribute AS a
          WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL SELECT t.typarray, false WHERE t.oid::int8 >= 16384
        UNION ALL SELECT g.rngsubtype, false FROM pg_catalog.pg_range AS g WHERE g.rngtypid = t.oid
        ${
          hasMultiranges
            ? `UNION ALL SELECT g.rngmultitypid, false FROM pg_catalog.pg_range AS g
          WHERE g.rngtypid = t.oid AND t.oid::int8 >= 16384
        UNION ALL SELECT g.rngtypid, false FROM pg_catalog.pg_range AS g WHERE g.rngmultitypid = t.oid`
            : ''
        }
        UNION ALL SELECT d.refobjid, true FROM pg_catalog.pg_constraint AS k JOIN pg_catalog.pg_depend AS d
          ON d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND d.objid = k.oid
          AND d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass WHERE k.contypid = t.oid
      ) AS part (type, "isCast")
      WHERE part.type <> 0
    ), sight AS (
      SELECT reached.type, pg_catalog.bool_or(reached."isMade") AS "isMade", pg_catalog.bool_or(reached."isNamed") AS "isNamed"
      FROM reached GROUP BY reached.type
    ), family AS (
      SELECT given.oid FROM pg_catalog.unnest($4::oid[]) AS given (oid)
      UNION SELECT i.inhrelid FROM family JOIN pg_catalog.pg_inherits AS i ON i.inhparent = family.oid
    ), opclass AS (
      SELECT c.opcfamily FROM sight JOIN pg_catalog.pg_opclass AS c ON c.opcintype = sight.type
      WHERE sight.type::int8 >= 16384
      UNION SELECT c.opcfamily FROM sight JOIN pg_catalog.pg_range AS g ON g.rngtypid = sight.type
        JOIN pg_catalog.pg_opclass AS c ON c.oid = g.rngsubopc
      UNION SELECT c.opcfamily FROM family JOIN pg_catalog.pg_index AS i ON i.indrelid = family.oid
        JOIN pg_catalog.pg_opclass AS c ON c.oid = ANY (i.indclass::oid[])
      UNION SELECT c.opcfamily FROM family JOIN pg_catalog.pg_partitioned_table AS t ON t.partrelid = family.oid
        JOIN pg_catalog.pg_opclass AS c ON c.oid = ANY (t.partclass::oid[])
    ), attached (expression, relation) AS (
      SELECT p.polqual, p.polrelid FROM pg_catalog.pg_policy AS p WHERE p.polrelid = ANY ($4::oid[])
      UNION ALL SELECT d.adbin, d.adrelid FROM family JOIN pg_catalog.pg_attribute AS a
        ON a.attrelid = family.oid AND a.attgenerated <> ''
        JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      UNION ALL SELECT part.expression, i.indrelid FROM family JOIN pg_catalog.pg_index AS i ON i.indrelid = family.oid
        CROSS JOIN LATERAL (VALUES (i.indexprs), (i.indpred)) AS part (expression)
      UNION ALL SELECT t.partexprs, t.partrelid FROM family
        JOIN pg_catalog.pg_partitioned_table AS t ON t.partrelid = family.oid
      ${
        hasStatisticExpressions
          ? `UNION ALL SELECT s.stxexprs, s.stxrelid FROM family
        JOIN pg_catalog.pg_statistic_ext AS s ON s.stxrelid = family.oid`
          : ''
      }
      UNION ALL SELECT k.conbin, k.conrelid FROM family
        JOIN pg_catalog.pg_constraint AS k ON k.conrelid = family.oid AND k.contypid = 0
      UNION ALL SELECT k.conbin, 0 FROM sight JOIN pg_catalog.pg_constraint AS k ON k.contypid = sight.type
    ), used (kind, oid, "orOfExtension") AS (
      SELECT 'type', f.oid, true FROM sight JOIN pg_catalog.pg_type AS t ON t.oid = sight.type
        CROSS JOIN LATERAL (VALUES (t.typinput::oid), (t.typmodin::oid)) AS f (oid) WHERE sight."isMade"
      UNION ALL SELECT 'cast', c.castfunc, true FROM pg_catalog.pg_cast AS c
        LEFT JOIN sight AS source ON source.type = c.castsource LEFT JOIN sight AS target ON target.type = c.casttarget
        WHERE c.oid::int8 >= 16384 AND (c.castsource::int8 < 16384 OR source.type IS NOT NULL)
          AND (c.casttarget::int8 < 16384 OR target.type IS NOT NULL) AND (c.castcontext <> 'e' OR target."isNamed"
            OR $5::bool AND c.casttarget::int8 < 16384)
      UNION ALL SELECT 'type', f.oid, true FROM sight JOIN pg_catalog.pg_range AS g ON g.rngtypid = sight.type
        CROSS JOIN LATERAL (VALUES (g.rngcanonical::oid),
          (CASE WHEN EXISTS (SELECT FROM family) THEN g.rngsubdiff::oid END)) AS f (oid)
      UNION ALL SELECT 'type', s.amproc::oid, false FROM opclass
        JOIN pg_catalog.pg_amproc AS s ON s.amprocfamily = opclass.opcfamily
      UNION ALL SELECT 'type', o.oprcode::oid, false FROM opclass
        JOIN pg_catalog.pg_amop AS s ON s.amopfamily = opclass.opcfamily
        JOIN pg_catalog.pg_operator AS o ON o.oid = s.amopopr
    )
    (SELECT DISTINCT 'expression' AS kind, pg_catalog.pg_get_expr(attached.expression, attached.relation) AS found FROM attached
      WHERE attached.expression IS NOT NULL LIMIT ${mostExpressions + 1})
    UNION ALL (SELECT DISTINCT used.kind, used.oid::text FROM used
      JOIN pg_catalog.pg_proc AS p ON p.oid = used.oid JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
      WHERE NOT (n.nspname = 'pg_catalog' AND p.oid::int8 < 16384) AND (used."orOfExtension" OR NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
        WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'e'))
      LIMIT ${mostFunctions + 1})
    UNION ALL (SELECT 'in sight', sight.type::text FROM sight WHERE sight.type::int8 >= 16384 LIMIT ${mostTypes + 1})`;
}
