import { sql } from 'drizzle-orm';

/** The oid of the access method, the same in every PostgreSQL. */
export const btree = sql.raw('403');

/** Objects below are PostgreSQL's own, made by initdb. */
const firstOfUsers = sql.raw('16384');

const isArray = (type: string): string =>
  `(${type}.typcategory = 'A' AND ${type}.typelem <> 0 AND ${type}.typlen = -1)`;

/**
 * Types without operators of their own that PostgreSQL compares as another: varchar as text, cidr as inet, and every
 * enum, range, multirange, composite type and array by one set of operators each.
 */
const comparedAs = (type: string) =>
  sql.raw(`CASE
  WHEN ${type}.oid = 1043 THEN 25
  WHEN ${type}.oid = 650 THEN 869
  WHEN ${type}.typtype = 'e' THEN 3500
  WHEN ${type}.typtype = 'r' THEN 3831
  WHEN ${type}.typtype = 'm' THEN 4537
  WHEN ${type}.typtype = 'c' THEN 2249
  WHEN ${isArray(type)} THEN 2277
  ELSE ${type}.oid END::oid`);

/**
 * Whether the operators of `base` can be called: those of all arrays fail where the elements have no order (`json[]`,
 * and `anyarray`, whose elements differ from row to row).
 */
const ordersElements = sql`(base.oid <> 2277 AND (NOT ${sql.raw(isArray('base'))} OR EXISTS (
  SELECT
  FROM pg_catalog.pg_type AS element
  JOIN pg_catalog.pg_type AS held
    ON held.oid = CASE WHEN element.typtype = 'd' THEN element.typbasetype ELSE element.oid END AND held.typtype <> 'c'
  JOIN pg_catalog.pg_opclass AS class
    ON class.opcmethod = ${btree} AND class.opcdefault AND class.opcintype IN (held.oid, ${comparedAs('held')})
  WHERE element.oid = base.typelem)))`;

/**
 * Whether an object is PostgreSQL's own, or an extension's. Who owns an extension may add objects of their own to it:
 * only what a superuser owns came from its script.
 */
const isTrusted = (
  alias: string,
  catalogue: string,
  owner: string,
) => sql`(${sql.raw(alias)}.oid < ${firstOfUsers}
  OR EXISTS (
    SELECT FROM pg_catalog.pg_depend AS membership
    JOIN pg_catalog.pg_roles AS owner ON owner.oid = ${sql.raw(`${alias}.${owner}`)} AND owner.rolsuper
    WHERE membership.classid = ${sql.raw(`'pg_catalog.${catalogue}'`)}::regclass
      AND membership.objid = ${sql.raw(alias)}.oid AND membership.deptype = 'e'))`;

/**
 * `part`: the types whose code runs when values of `base` are read from text or compared. Arrays, ranges and rows
 * compare what they hold by its default operator class, ranges by the one they were made with. (PostgreSQL 12 and 13
 * have no multiranges and no column for them.)
 */
const partsOfBase = sql`part AS (
  SELECT base.oid AS type, 0::oid AS class, 0::oid AS canonical
  UNION
  SELECT held.type, held.class, held.canonical
  FROM part JOIN pg_catalog.pg_type AS holder ON holder.oid = part.type
  CROSS JOIN LATERAL (
    SELECT holder.typbasetype, 0::oid, 0::oid WHERE holder.typtype = 'd'
    UNION ALL
    SELECT holder.typelem, 0::oid, 0::oid WHERE ${sql.raw(isArray('holder'))}
    UNION ALL
    SELECT f.atttypid, 0::oid, 0::oid FROM pg_catalog.pg_attribute AS f
    WHERE holder.typtype = 'c' AND f.attrelid = holder.typrelid AND f.attnum > 0 AND NOT f.attisdropped
    UNION ALL
    SELECT r.rngsubtype, r.rngsubopc, r.rngcanonical::oid FROM pg_catalog.pg_range AS r
    WHERE holder.typtype IN ('r', 'm')
      AND holder.oid IN (r.rngtypid, (pg_catalog.to_jsonb(r) ->> 'rngmultitypid')::oid)
  ) AS held (type, class, canonical)
)`;

/** A domain's check that calls anything which is not PostgreSQL's own: that alone is written down in pg_depend. */
const hasForeignCheck = sql`EXISTS (
  SELECT FROM pg_catalog.pg_constraint AS k
  JOIN pg_catalog.pg_depend AS called
    ON called.classid = 'pg_catalog.pg_constraint'::regclass AND called.objid = k.oid AND called.deptype = 'n'
  WHERE k.contypid = type.oid)`;

/**
 * Whether nothing but code of PostgreSQL or of an extension runs when values of `base` are compared. Without
 * a class of its own a type is compared as one that it can be taken for.
 */
const isSafeToCompare = sql`NOT EXISTS (
  WITH RECURSIVE ${partsOfBase}
  SELECT FROM part
  JOIN pg_catalog.pg_type AS type ON type.oid = part.type
  LEFT JOIN LATERAL (
    SELECT class.oid, class.opcowner FROM pg_catalog.pg_opclass AS class
    WHERE CASE WHEN part.class <> 0 THEN class.oid = part.class
      ELSE class.opcmethod = ${btree} AND class.opcdefault AND class.opcintype IN (type.oid, ${comparedAs('type')}) END
    ORDER BY class.opcintype = type.oid DESC LIMIT 1
  ) AS class ON true
  WHERE part.canonical >= ${firstOfUsers} OR ${hasForeignCheck}
    OR (type.typtype <> 'd' AND CASE WHEN class.oid IS NOT NULL THEN NOT ${isTrusted('class', 'pg_opclass', 'opcowner')}
      ELSE EXISTS (SELECT FROM pg_catalog.pg_cast AS k
        WHERE k.castsource = type.oid AND k.castmethod = 'b' AND k.oid >= ${firstOfUsers}) END))`;

/** The operators by which values of one type are compared in a filter or a cursor. */
const symbols = sql.raw(`ARRAY['<', '<=', '=', '<>', '>=', '>']`);

/**
 * The schema of the operators by which PostgreSQL orders `base`, a row of `pg_type`: those of its default btree
 * operator class. NULL where it has no order, and where comparing would run code that neither PostgreSQL nor an
 * extension brought: with the administrator's rights.
 */
export const operatorSchema = sql`(
  SELECT home.nspname
  FROM pg_catalog.pg_opclass AS class
  JOIN pg_catalog.pg_amop AS member ON member.amopfamily = class.opcfamily AND member.amopstrategy = 5
    AND member.amoplefttype = class.opcintype AND member.amoprighttype = class.opcintype
  JOIN pg_catalog.pg_operator AS operator ON operator.oid = member.amopopr AND operator.oprname = '>'
  JOIN pg_catalog.pg_namespace AS home ON home.oid = operator.oprnamespace
  WHERE class.opcmethod = ${btree} AND class.opcdefault AND class.opcintype IN (base.oid, ${comparedAs('base')})
    AND ${ordersElements} AND ${isSafeToCompare}
    -- All of them, there, for these very types: what lacks would be found among what anybody made.
    AND (SELECT pg_catalog.count(*) FROM pg_catalog.pg_operator AS sibling
      WHERE sibling.oprnamespace = home.oid AND sibling.oprname = ANY (${symbols}::text[])
        AND sibling.oprleft = class.opcintype AND sibling.oprright = class.opcintype
        AND ${isTrusted('sibling', 'pg_operator', 'oprowner')}) = 6
  ORDER BY class.opcintype = base.oid DESC LIMIT 1)`;
