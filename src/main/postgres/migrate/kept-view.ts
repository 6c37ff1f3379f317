import type pg from 'pg';
import { AppError } from '../../../shared/errors';
import { say } from '../../kernel/say';

/** What hangs on a view beside its query, as statements that give it to a new view of the same name. */
export interface KeptView {
  readonly statements: readonly string[];
}

/**
 * Reads a view's grants (of the view and of its columns) and comments, before it is dropped.
 * @throws AppError `conflict` when something of the site's own hangs on it that would be lost: views that read it,
 *   triggers and rules.
 */
export async function keepView(client: pg.ClientBase, view: string): Promise<KeptView> {
  await refuseDependents(client, view);
  const { rows } = await client.query<{ statement: string }>(keptStatements, [view]);
  return { statements: rows.map(({ statement }) => statement) };
}

/**
 * Gives a view that was made anew what it had. Grants that the database gives to every new view (ALTER DEFAULT
 * PRIVILEGES) stay.
 */
export async function restoreView(
  client: pg.ClientBase,
  view: string,
  { statements }: KeptView,
): Promise<void> {
  for (const statement of statements) await client.query(statement);
}

const grantee = `CASE acl.grantee WHEN 0 THEN 'PUBLIC'
      ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(acl.grantee)) END`;
const grantable = `CASE WHEN acl.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END`;

/** $1 is the view. The first column of the order keeps a comment from standing before its grants, for the reader. */
const keptStatements = `
  WITH view AS (SELECT c.oid, c.relacl FROM pg_catalog.pg_class AS c WHERE c.oid = $1::pg_catalog.regclass)
  SELECT statement FROM (
    SELECT 1 AS step, pg_catalog.concat('GRANT ', acl.privilege_type, ' ON ', $1::text, ' TO ', ${grantee}, ${grantable})
      AS statement
    FROM view, pg_catalog.aclexplode(view.relacl) AS acl
    UNION ALL
    SELECT 2, pg_catalog.concat('GRANT ', acl.privilege_type, ' (', pg_catalog.quote_ident(a.attname), ') ON ', $1::text,
      ' TO ', ${grantee}, ${grantable})
    FROM view
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = view.oid AND a.attnum > 0 AND NOT a.attisdropped,
      pg_catalog.aclexplode(a.attacl) AS acl
    UNION ALL
    SELECT 3, pg_catalog.concat('COMMENT ON ',
      CASE d.objsubid WHEN 0 THEN pg_catalog.concat('VIEW ', $1::text)
        ELSE pg_catalog.concat('COLUMN ', $1::text, '.', pg_catalog.quote_ident(a.attname)) END,
      ' IS ', pg_catalog.quote_literal(d.description))
    FROM view
    JOIN pg_catalog.pg_description AS d
      ON d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objoid = view.oid
    LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = view.oid AND a.attnum = d.objsubid
  ) AS kept
  ORDER BY step, statement`;

async function refuseDependents(client: pg.ClientBase, view: string): Promise<void> {
  const { rows } = await client.query<{ dependent: string }>(
    `SELECT dependent FROM (
       SELECT pg_catalog.pg_describe_object(
         'pg_catalog.pg_class'::pg_catalog.regclass, r.ev_class, 0) AS dependent
       FROM pg_catalog.pg_depend AS d
       JOIN pg_catalog.pg_rewrite AS r ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND r.oid = d.objid
       WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
         AND d.refobjid = $1::pg_catalog.regclass AND r.ev_class <> $1::pg_catalog.regclass
       UNION
       SELECT pg_catalog.pg_describe_object('pg_catalog.pg_rewrite'::pg_catalog.regclass, r.oid, 0)
       FROM pg_catalog.pg_rewrite AS r
       WHERE r.ev_class = $1::pg_catalog.regclass AND r.rulename <> '_RETURN'
       UNION
       SELECT pg_catalog.pg_describe_object('pg_catalog.pg_trigger'::pg_catalog.regclass, t.oid, 0)
       FROM pg_catalog.pg_trigger AS t
       WHERE t.tgrelid = $1::pg_catalog.regclass AND NOT t.tgisinternal
     ) AS found
     ORDER BY dependent LIMIT 5`,
    [view],
  );
  if (rows.length === 0) return;
  const dependents = rows.map(({ dependent }) => dependent).join(', ');
  throw new AppError('conflict', say('migrations.dependents', { object: view, dependents }), {
    hint: say('migrations.dependentsHint'),
  });
}
