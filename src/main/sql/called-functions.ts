import type pg from 'pg';
import { notFollowed } from './not-followed';
import { ownQuery } from './own-query';

/** A name that a statement, or a view in it, calls or may call. */
export interface NamedCall {
  /** `attribute`: a name behind a dot, which PostgreSQL takes for a function of the row where no column has it. */
  readonly kind: 'function' | 'operator' | 'attribute' | 'type';
  readonly schema: string | null;
  readonly name: string;
  /** null where it isn't known. */
  readonly argumentCount: number | null;
  readonly within: 'statement' | 'view';
}

/** A function that may be behind a name. */
export interface FunctionCandidate {
  /** What the name stands for: the function itself, or what calls it. */
  readonly kind: 'function' | 'operator' | 'type' | 'cast';
  readonly called: string;
  readonly schema: string;
  readonly oid: string;
  /** `public.similarity(text,text)`, or an operator's `public.%(text,text)`. */
  readonly identity: string;
  readonly functionName: string;
  readonly isSystem: boolean;
  readonly isVolatile: boolean;
  readonly isImmutable: boolean;
  readonly isPlainFunction: boolean;
  /** It has no code of its own, only that of {@link functionsOfAggregates}. */
  readonly isAggregate: boolean;
  readonly language: string;
  readonly isTrustedLanguage: boolean;
  readonly isOfExtension: boolean;
  readonly leastArguments: number;
  readonly mostArguments: number;
  /** Types of its arguments that are not PostgreSQL's own. */
  readonly foreignTypes: readonly string[];
  /** The defaults of its arguments and what it is written as, cut; a SQL-standard body is printed. */
  readonly body: string;
  /** Changes when the function does. */
  readonly digest: string;
  /** Names of what a row of it holds; empty where it is one value. */
  readonly outputs: readonly string[];
  /** The relation whose rows it answers; 0 where none. */
  readonly rowsOf: number;
  readonly returnsRecord: boolean;
}

export interface CalledFunctions {
  readonly calls: readonly NamedCall[];
  /** The candidates for a call, by its name in any schema. */
  candidates(call: Pick<NamedCall, 'kind' | 'name'>): readonly FunctionCandidate[];
  /** Those that PostgreSQL may choose for a call: in the schema it names, or in one of the path. */
  reachable(call: NamedCall): readonly FunctionCandidate[];
}

const mostCandidates = 5_000;
const mostBody = 65_536;

/** What is read of each function; `p` is its row in pg_proc. */
const columns = `p.oid::text, p.proname::text AS "functionName", n.nspname::text AS "functionSchema", l.lanname::text AS language,
  l.lanpltrusted AS "isTrustedLanguage", n.nspname = 'pg_catalog' AND p.oid::int8 < 16384 AS "isSystem",
  p.provolatile = 'v' AS "isVolatile", p.provolatile = 'i' AS "isImmutable", p.prokind = 'f' AS "isPlainFunction",
  p.prokind = 'a' AS "isAggregate",
  EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
    AND d.objid = p.oid AND d.deptype = 'e') AS "isOfExtension",
  (p.pronargs - p.pronargdefaults)::int - (p.provariadic <> 0)::int AS "leastArguments",
  CASE WHEN p.provariadic <> 0 THEN 1000 ELSE p.pronargs::int END AS "mostArguments",
  ARRAY(SELECT t.oid::text FROM pg_catalog.unnest(p.proargtypes::oid[]) AS a (type)
    JOIN pg_catalog.pg_type AS t ON t.oid = a.type WHERE t.oid::int8 >= 16384) AS "foreignTypes",
  CASE WHEN n.nspname = 'pg_catalog' AND p.oid::int8 < 16384 THEN ''
    ELSE pg_catalog.left(pg_catalog.concat(pg_catalog.pg_get_expr(p.proargdefaults, 0) || pg_catalog.chr(10),
      coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc)), ${mostBody}) END AS body,
  CASE WHEN n.nspname = 'pg_catalog' AND p.oid::int8 < 16384 THEN ''
    ELSE pg_catalog.md5(pg_catalog.concat(p.oid, '/', p.prosrc, '/', p.prosqlbody::text, '/', p.probin, '/', p.proowner, '/',
      p.prosecdef, '/', p.prolang, '/', p.proconfig, '/',
      p.proargdefaults::text)) END AS digest,
  ARRAY(SELECT o.name FROM ROWS FROM (pg_catalog.unnest(p.proargnames), pg_catalog.unnest(p.proargmodes)) AS o (name, mode)
    WHERE o.mode IN ('o', 'b', 't')) AS outputs,
  coalesce(rt.typrelid, 0)::text AS "rowsOf", p.prorettype = 2249 AS "returnsRecord"`;
const joins = `JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang
  LEFT JOIN pg_catalog.pg_type AS rt ON rt.oid = p.prorettype`;
const signature = `'(' || pg_catalog.oidvectortypes(p.proargtypes) || ')'`;

type FoundRow = Omit<FunctionCandidate, 'rowsOf'> & { readonly rowsOf: string };

/**
 * Finds what the catalogue has under the names of calls.
 * @throws AppError `read_only` where that is too much to look at.
 */
export async function findFunctions(
  client: pg.ClientBase,
  path: readonly string[],
  calls: readonly NamedCall[],
): Promise<CalledFunctions> {
  const found = new Map<string, FunctionCandidate[]>();
  const read = async (kind: string, kinds: readonly NamedCall['kind'][], sql: string): Promise<void> => {
    const names = [...new Set(calls.filter((call) => kinds.includes(call.kind)).map(({ name }) => name))];
    if (names.length === 0) return;
    const rows = await ownQuery<FoundRow>(client, `${sql} LIMIT ${mostCandidates + 1}`, [names, path]);
    if (rows.length > mostCandidates) throw notFollowed();
    for (const row of rows) {
      const key = `${kind} ${row.called}`;
      const candidate = { ...row, rowsOf: Number(row.rowsOf) };
      found.set(key, [...(found.get(key) ?? []), candidate]);
    }
  };
  const first = 'pg_catalog.array_position($2::text[], ';
  await read(
    'function',
    ['function', 'attribute'],
    `SELECT 'function' AS kind, p.proname::text AS called, n.nspname::text AS schema,
       pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(p.proname) || ${signature} AS identity, ${columns}
     FROM pg_catalog.pg_proc AS p ${joins} WHERE p.proname = ANY ($1::name[])
     ORDER BY ${first}n.nspname::text) NULLS LAST, p.oid`,
  );
  await read(
    'operator',
    ['operator'],
    `SELECT 'operator' AS kind, o.oprname::text AS called, s.nspname::text AS schema,
       pg_catalog.quote_ident(s.nspname) || '.' || o.oprname || ${signature} AS identity, ${columns}
     FROM pg_catalog.pg_operator AS o JOIN pg_catalog.pg_namespace AS s ON s.oid = o.oprnamespace
     LEFT JOIN pg_catalog.pg_operator AS negator ON negator.oid = o.oprnegate
     LEFT JOIN pg_catalog.pg_operator AS commutator ON commutator.oid = o.oprcom
     JOIN pg_catalog.pg_proc AS p ON p.oid IN (o.oprcode, negator.oprcode, commutator.oprcode) ${joins}
     WHERE o.oprname = ANY ($1::name[]) AND NOT (s.nspname = 'pg_catalog' AND n.nspname = 'pg_catalog' AND o.oid::int8 < 16384)
     ORDER BY ${first}s.nspname::text) NULLS LAST, o.oid`,
  );
  await read(
    'type',
    ['type'],
    `WITH RECURSIVE ${reachedTypes('t.typname = ANY ($1::name[])')}
     SELECT 'type' AS kind, t.typname::text AS called, s.nspname::text AS schema,
       pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(p.proname) || ${signature} AS identity, ${columns}
     FROM (SELECT DISTINCT reached.named, f.oid FROM reached JOIN pg_catalog.pg_type AS t ON t.oid = reached.type
       CROSS JOIN LATERAL (SELECT t.typinput::oid UNION ALL SELECT t.typmodin::oid
         UNION ALL SELECT c.castfunc FROM pg_catalog.pg_cast AS c WHERE c.casttarget = t.oid
         UNION ALL SELECT unnested.oid FROM pg_catalog.pg_range AS g CROSS JOIN LATERAL
           (VALUES (g.rngcanonical::oid), (g.rngsubdiff::oid)) AS unnested (oid) WHERE g.rngtypid = t.oid) AS f (oid)) AS used
     JOIN pg_catalog.pg_type AS t ON t.oid = used.named JOIN pg_catalog.pg_namespace AS s ON s.oid = t.typnamespace
     JOIN pg_catalog.pg_proc AS p ON p.oid = used.oid ${joins}
     WHERE n.nspname <> 'pg_catalog' ORDER BY ${first}s.nspname::text) NULLS LAST, p.oid`,
  );
  const candidates = ({ kind, name }: Pick<NamedCall, 'kind' | 'name'>): readonly FunctionCandidate[] =>
    found.get(`${kind === 'attribute' ? 'function' : kind} ${name}`) ?? [];
  return {
    calls,
    candidates,
    reachable: (call) =>
      candidates(call).filter(
        ({ schema, leastArguments, mostArguments }) =>
          (call.schema === null
            ? (call.within === 'view' ? ['pg_catalog'] : path).includes(schema)
            : call.schema === schema) &&
          (call.argumentCount === null ||
            call.kind === 'operator' ||
            (call.argumentCount >= leastArguments && call.argumentCount <= mostArguments)),
      ),
  };
}

/**
 * For WITH RECURSIVE: the types that values are made into where a type is named (`named`, `type`): itself, what a domain
 * is over, elements, fields, what a range is over, and types that a domain's check names.
 * @param named a condition on `t`, the type that is named.
 */
export function reachedTypes(named: string): string {
  return `reached AS (
       SELECT t.oid AS named, t.oid AS type FROM pg_catalog.pg_type AS t WHERE ${named}
       UNION
       SELECT reached.named, part.type FROM reached JOIN pg_catalog.pg_type AS t ON t.oid = reached.type
       CROSS JOIN LATERAL (
         SELECT t.typbasetype UNION ALL SELECT t.typelem
         UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute AS a
           WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
         UNION ALL SELECT g.rngsubtype FROM pg_catalog.pg_range AS g WHERE g.rngtypid = t.oid
         UNION ALL SELECT d.refobjid FROM pg_catalog.pg_constraint AS k JOIN pg_catalog.pg_depend AS d
           ON d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND d.objid = k.oid
           AND d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass WHERE k.contypid = t.oid
       ) AS part (type)
       WHERE part.type <> 0
     )`;
}

/** The functions that aggregates are made of, PostgreSQL's own among them: an aggregate calls whatever it was given. */
export async function functionsOfAggregates(
  client: pg.ClientBase,
  aggregates: readonly FunctionCandidate[],
): Promise<readonly FunctionCandidate[]> {
  const made = aggregates.filter(({ isAggregate, isSystem }) => isAggregate && !isSystem);
  if (made.length === 0) return [];
  const rows = await ownQuery<FoundRow>(
    client,
    `SELECT 'function' AS kind, p.proname::text AS called, n.nspname::text AS schema,
       pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(p.proname) || ${signature} AS identity, ${columns}
     FROM pg_catalog.pg_proc AS p ${joins} WHERE p.oid IN (
       SELECT part.oid FROM pg_catalog.pg_aggregate AS g LEFT JOIN pg_catalog.pg_operator AS o ON o.oid = g.aggsortop
       CROSS JOIN LATERAL (VALUES (g.aggtransfn::oid), (g.aggfinalfn::oid), (g.aggcombinefn::oid), (g.aggserialfn::oid),
         (g.aggdeserialfn::oid), (g.aggmtransfn::oid), (g.aggminvtransfn::oid), (g.aggmfinalfn::oid), (o.oprcode::oid))
         AS part (oid)
       WHERE g.aggfnoid::oid = ANY ($1::oid[])) ORDER BY p.oid LIMIT ${mostCandidates + 1}`,
    [made.map(({ oid }) => oid)],
  );
  if (rows.length > mostCandidates) throw notFollowed();
  return rows.map((row) => ({ ...row, rowsOf: Number(row.rowsOf) }));
}
