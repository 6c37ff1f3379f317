import { type CatalogueSession, ownQuery } from './own-query';
import type { CalledFunctions, FunctionCandidate, NamedCall } from './function-candidate';
import { notFollowed } from './not-followed';

const mostCandidates = 5_000;
/** As much of a body as is read of it, in characters: what lies behind it is not known. */
export const mostBody = 65_536;

/** A function without a name in sight, and what calls it. */
export interface UnnamedFunction {
  readonly kind: 'type' | 'cast';
  /** `pg_proc.oid` */
  readonly oid: string;
}

/** Of `p`: what PostgreSQL brings, or makes itself with a type of ranges; those only put values of its own together. */
const isSystem = `(n.nspname = 'pg_catalog' AND p.oid::int8 < 16384 OR l.lanname = 'internal'
    AND p.prosrc IN ('range_constructor2', 'range_constructor3', 'multirange_constructor0', 'multirange_constructor1',
      'multirange_constructor2')
    AND EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
      AND d.objid = p.oid AND d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.deptype = 'i'))`;

/**
 * What is read of each function; `p` is its row in pg_proc.
 * @param serverVersion before 14 there are no SQL-standard bodies.
 */
function columns(serverVersion: number): string {
  const hasBodies = serverVersion >= 140_000;
  return `p.oid::text, p.proname::text AS "functionName", n.nspname::text AS "functionSchema", l.lanname::text AS language,
  l.lanpltrusted AS "isTrustedLanguage", ${isSystem} AS "isSystem",
  p.provolatile = 'v' AS "isVolatile", p.provolatile = 'i' AS "isImmutable", p.prokind = 'f' AS "isPlainFunction",
  p.prokind = 'a' AS "isAggregate",
  EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
    AND d.objid = p.oid AND d.deptype = 'e') AS "isOfExtension",
  (p.pronargs - p.pronargdefaults)::int - (p.provariadic <> 0)::int AS "leastArguments",
  CASE WHEN p.provariadic <> 0 THEN 1000 ELSE p.pronargs::int END AS "mostArguments",
  ARRAY(SELECT a.type::text FROM pg_catalog.unnest(p.proargtypes::oid[]) AS a (type)
    WHERE a.type::int8 >= 16384) AS "foreignTypes",
  EXISTS (SELECT FROM pg_catalog.pg_type AS t WHERE t.oid = ANY (p.proargtypes::oid[]) AND t.oid::int8 < 16384
    AND t.typname IN ('anyelement', 'anynonarray', 'anycompatible', 'anycompatiblenonarray', 'record', 'any')) AS "takesRows",
  ARRAY(SELECT DISTINCT a.type::text FROM pg_catalog.unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]) || p.prorettype)
    AS a (type) WHERE a.type::int8 >= 16384) AS "usedTypes",
  CASE WHEN ${isSystem} THEN ''
    ELSE pg_catalog.left(pg_catalog.concat(pg_catalog.pg_get_expr(p.proargdefaults, 0) || pg_catalog.chr(10),
      ${hasBodies ? 'coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc)' : 'p.prosrc'}), ${mostBody}) END AS body,
  CASE WHEN ${isSystem} THEN ''
    ELSE pg_catalog.md5(pg_catalog.concat(p.oid, '/', p.prosrc, '/', ${hasBodies ? `p.prosqlbody::text, '/', ` : ''}p.probin, '/',
      p.proowner, '/', p.prosecdef, '/', p.prolang, '/', p.proconfig, '/', p.proargdefaults::text)) END AS digest,
  ARRAY(SELECT o.name FROM ROWS FROM (pg_catalog.unnest(p.proargnames), pg_catalog.unnest(p.proargmodes)) AS o (name, mode)
    WHERE o.mode IN ('o', 'b', 't')) AS outputs,
  coalesce(rt.typrelid, 0)::text AS "rowsOf", p.prorettype = 2249 AS "returnsRecord"`;
}

const joins = `JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang
  LEFT JOIN pg_catalog.pg_type AS rt ON rt.oid = p.prorettype`;
const signature = `'(' || pg_catalog.oidvectortypes(p.proargtypes) || ')'`;
const identity = `pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(p.proname) || ${signature}`;

type FoundRow = Omit<FunctionCandidate, 'rowsOf'> & { readonly rowsOf: string };

/**
 * Finds what the catalogue has under the names of calls, in one question.
 * @param known what was found before: only what is new is asked for, and the answer has both.
 * @param unnamed functions that are called without a name.
 * @throws AppError `read_only` where that is too much to look at.
 */
export async function findFunctions(
  { client, serverVersion }: CatalogueSession,
  path: readonly string[],
  calls: readonly NamedCall[],
  {
    known,
    unnamed = [],
  }: { readonly known?: CalledFunctions; readonly unnamed?: readonly UnnamedFunction[] } = {},
): Promise<CalledFunctions> {
  const before = new Set(known?.calls.map(keyOf));
  const fresh = calls.filter((call) => !before.has(keyOf(call)));
  const named = (kind: string): readonly string[] => [
    ...new Set(fresh.filter((call) => kindOf(call) === kind).map(({ name }) => name)),
  ];
  const numbers = new Set(known?.unnamed.map(({ kind, oid }) => `${kind} ${oid}`));
  const others = unnamed.filter(({ kind, oid }) => !numbers.has(`${kind} ${oid}`));
  const [functions, operators] = [named('function'), named('operator')];
  const rows =
    functions.length + operators.length + others.length === 0
      ? []
      : await ownQuery<FoundRow>(
          client,
          `SELECT 'function' AS kind, p.proname::text AS called, n.nspname::text AS schema, ${identity} AS identity,
             EXISTS (SELECT FROM pg_catalog.pg_proc AS s WHERE s.proname = p.proname
               AND s.pronamespace = 'pg_catalog'::pg_catalog.regnamespace AND s.oid::int8 < 16384) AS "hasSystemNamesake",
             ${columns(serverVersion)}
           FROM pg_catalog.pg_proc AS p ${joins} WHERE p.proname = ANY ($1::name[])
           UNION ALL
           SELECT 'operator', o.oprname::text, s.nspname::text,
             pg_catalog.quote_ident(s.nspname) || '.' || o.oprname || ${signature},
             EXISTS (SELECT FROM pg_catalog.pg_operator AS b WHERE b.oprname = o.oprname
               AND b.oprnamespace = 'pg_catalog'::pg_catalog.regnamespace AND b.oid::int8 < 16384),
             ${columns(serverVersion)}
           FROM pg_catalog.pg_operator AS o JOIN pg_catalog.pg_namespace AS s ON s.oid = o.oprnamespace
           LEFT JOIN pg_catalog.pg_operator AS negator ON negator.oid = o.oprnegate
           LEFT JOIN pg_catalog.pg_operator AS commutator ON commutator.oid = o.oprcom
           JOIN pg_catalog.pg_proc AS p ON p.oid IN (o.oprcode, negator.oprcode, commutator.oprcode) ${joins}
           WHERE o.oprname = ANY ($2::name[])
             AND NOT (s.nspname = 'pg_catalog' AND n.nspname = 'pg_catalog' AND o.oid::int8 < 16384)
           UNION ALL
           SELECT f.kind, '', n.nspname::text, ${identity}, false, ${columns(serverVersion)}
           FROM ROWS FROM (pg_catalog.unnest($3::text[]), pg_catalog.unnest($4::oid[])) AS f (kind, oid)
           JOIN pg_catalog.pg_proc AS p ON p.oid = f.oid ${joins}
           LIMIT ${mostCandidates + 1}`,
          [functions, operators, others.map(({ kind }) => kind), others.map(({ oid }) => oid)],
        );
  if (rows.length > mostCandidates) throw notFollowed();
  const rank = ({ schema }: FoundRow): number => (path.includes(schema) ? path.indexOf(schema) : path.length);
  const found = new Map<string, FunctionCandidate[]>();
  const foundUnnamed: FunctionCandidate[] = [];
  for (const row of rows.toSorted(
    (one, other) => rank(one) - rank(other) || Number(one.oid) - Number(other.oid),
  )) {
    const candidate = { ...row, rowsOf: Number(row.rowsOf) };
    if (row.kind !== 'function' && row.kind !== 'operator') foundUnnamed.push(candidate);
    else {
      const key = keyOf({ kind: row.kind, name: row.called });
      found.set(key, [...(found.get(key) ?? []), candidate]);
    }
  }
  const candidates = (call: Pick<NamedCall, 'kind' | 'name'>): readonly FunctionCandidate[] =>
    found.get(keyOf(call)) ?? known?.candidates(call) ?? [];
  return {
    calls: [...(known?.calls ?? []), ...calls],
    candidates,
    reachable: (call) =>
      candidates(call).filter(
        ({ schema, leastArguments, mostArguments }) =>
          schemasOf(call, path).includes(schema) &&
          (call.argumentCount === null ||
            call.kind === 'operator' ||
            (call.argumentCount >= leastArguments && call.argumentCount <= mostArguments)),
      ),
    unnamed: [...(known?.unnamed ?? []), ...foundUnnamed],
  };
}

/** Where the name of a call is looked for, in this order. */
export function schemasOf(
  call: Pick<NamedCall, 'schema' | 'within'>,
  path: readonly string[],
): readonly string[] {
  if (call.schema !== null) return [call.schema];
  return call.within === 'view' ? ['pg_catalog'] : path;
}

/** A name behind a dot is a function's. */
function kindOf({ kind }: Pick<NamedCall, 'kind'>): string {
  return kind === 'attribute' ? 'function' : kind;
}

function keyOf(call: Pick<NamedCall, 'kind' | 'name'>): string {
  return `${kindOf(call)} ${call.name}`;
}

/** The functions that aggregates are made of, PostgreSQL's own among them: an aggregate calls whatever it was given. */
export async function functionsOfAggregates(
  { client, serverVersion }: CatalogueSession,
  aggregates: readonly FunctionCandidate[],
): Promise<readonly FunctionCandidate[]> {
  const made = aggregates.filter((candidate) => candidate.isAggregate && !candidate.isSystem);
  if (made.length === 0) return [];
  const rows = await ownQuery<FoundRow>(
    client,
    `SELECT 'function' AS kind, p.proname::text AS called, n.nspname::text AS schema, ${identity} AS identity,
       false AS "hasSystemNamesake", ${columns(serverVersion)}
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
