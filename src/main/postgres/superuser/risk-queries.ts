/** How many things that others own or may do are named. */
const namedOthers = 20;
/** From here on CREATEROLE gives only what its holder was given; before, any role but a superuser. */
const firstTamedCreateRole = 160_000;

const equal = 'OPERATOR(pg_catalog.=)';
const unequal = 'OPERATOR(pg_catalog.<>)';

/** The role that signed in: SET ROLE, or a setting that does the same, can be taken back by whatever runs. */
const session = `SELECT oid, rolsuper FROM pg_catalog.pg_roles WHERE rolname ${equal} session_user`;

/**
 * What the role that signed in could do beyond this database, itself or as a role it is a member of by any number of
 * steps. Membership counts whatever its options: who may administer it gives itself the rest.
 */
export const powersQuery = `
  WITH session AS (${session})
  SELECT
    session_user::pg_catalog.text AS role,
    pg_catalog.current_database()::pg_catalog.text AS database,
    CASE WHEN session.rolsuper THEN ARRAY['superuser'::pg_catalog.text] ELSE ARRAY(
      SELECT CASE
          WHEN power.rolsuper THEN 'superuser'
          WHEN power.rolname ${equal} ANY (predefined.names) THEN power.rolname::pg_catalog.text
          ELSE 'createrole'
        END AS power
      FROM pg_catalog.pg_roles AS power
      CROSS JOIN (
        SELECT ARRAY['pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files']::pg_catalog.name[]
      ) AS predefined (names)
      WHERE pg_catalog.pg_has_role(session.oid, power.oid, 'MEMBER') AND (
        power.rolsuper OR power.rolname ${equal} ANY (predefined.names)
        OR power.rolcreaterole AND pg_catalog.current_setting('server_version_num')::pg_catalog.int4
          OPERATOR(pg_catalog.<) ${firstTamedCreateRole}
      )
      GROUP BY 1 ORDER BY 1
    ) END AS powers,
    CASE WHEN owner.rolcanlogin AND NOT owner.rolsuper AND owner.oid ${unequal} session.oid
      THEN owner.rolname::pg_catalog.text END AS ordinary_owner
  FROM session
  CROSS JOIN pg_catalog.pg_database AS opened
  JOIN pg_catalog.pg_roles AS owner ON owner.oid ${equal} opened.datdba
  WHERE opened.datname ${equal} pg_catalog.current_database()`;

const owned = (kind: string, catalogue: string, owner: string): string => `
    SELECT ${owner}, '${kind}', NULL, 1 FROM pg_catalog.${catalogue}`;

/**
 * What roles other than that one own or may create here, superusers aside (they need no trap). `pg_database_owner`
 * is the database's owner, who is named; PUBLIC (0) is everybody. Temporary objects belong to other sessions.
 */
export const othersQuery = `
  WITH session AS (${session}), opened AS (
    SELECT oid, datname, datdba, datacl FROM pg_catalog.pg_database
    WHERE datname ${equal} pg_catalog.current_database()
  ), places AS (
    SELECT oid, nspname, nspowner, nspacl FROM pg_catalog.pg_namespace
    WHERE NOT pg_catalog.starts_with(nspname::pg_catalog.text, 'pg_temp_')
      AND NOT pg_catalog.starts_with(nspname::pg_catalog.text, 'pg_toast')
  ), hands (role, kind, name, amount) AS (
    SELECT datdba, 'ownsDatabase', datname, 1 FROM opened
    UNION ALL
    SELECT granted.grantee, 'createsSchemas', opened.datname, 1
    FROM opened CROSS JOIN pg_catalog.aclexplode(opened.datacl) AS granted
    WHERE granted.privilege_type ${equal} 'CREATE' AND granted.grantee ${unequal} opened.datdba
    UNION ALL
    SELECT nspowner, 'ownsSchema', nspname, 1 FROM places
    UNION ALL
    SELECT granted.grantee, 'createsIn', places.nspname, 1
    FROM places CROSS JOIN pg_catalog.aclexplode(places.nspacl) AS granted
    WHERE granted.privilege_type ${equal} 'CREATE' AND granted.grantee ${unequal} places.nspowner
    UNION ALL
    SELECT relowner, CASE WHEN relkind ${equal} ANY ('{v,m}'::pg_catalog."char"[]) THEN 'views' ELSE 'tables' END, NULL, 1
    FROM pg_catalog.pg_class
    WHERE relkind ${equal} ANY ('{r,p,f,v,m,S}'::pg_catalog."char"[]) AND relpersistence ${unequal} 't'
    UNION ALL
    SELECT granted.grantee, 'createsTriggers', NULL, 1
    FROM pg_catalog.pg_class AS relation CROSS JOIN pg_catalog.aclexplode(relation.relacl) AS granted
    WHERE granted.privilege_type ${equal} 'TRIGGER' AND granted.grantee ${unequal} relation.relowner
    UNION ALL
    SELECT routine.proowner, 'functions', NULL, 1
    FROM pg_catalog.pg_proc AS routine JOIN places ON places.oid ${equal} routine.pronamespace
    UNION ALL
    SELECT kind.typowner, 'types', NULL, 1
    FROM pg_catalog.pg_type AS kind JOIN places ON places.oid ${equal} kind.typnamespace
    -- Not the row types and arrays of what is counted already.
    WHERE kind.typtype ${equal} ANY ('{b,d,e,r}'::pg_catalog."char"[]) AND kind.typcategory ${unequal} 'A'
    UNION ALL${[
      owned('eventTriggers', 'pg_event_trigger', 'evtowner'),
      owned('operators', 'pg_operator', 'oprowner'),
      owned('operators', 'pg_opclass', 'opcowner'),
      owned('operators', 'pg_opfamily', 'opfowner'),
      owned('others', 'pg_conversion', 'conowner'),
      owned('others', 'pg_collation', 'collowner'),
      owned('others', 'pg_ts_dict', 'dictowner'),
      owned('others', 'pg_ts_config', 'cfgowner'),
      owned('others', 'pg_language', 'lanowner'),
      owned('others', 'pg_foreign_server', 'srvowner'),
      owned('others', 'pg_statistic_ext', 'stxowner'),
    ].join(`
    UNION ALL`)}
  ), counted AS (
    SELECT hands.role, other.rolname, hands.kind, hands.name, pg_catalog.sum(hands.amount)::pg_catalog.int4 AS count
    FROM hands
    CROSS JOIN session
    LEFT JOIN pg_catalog.pg_roles AS other ON other.oid ${equal} hands.role
    WHERE hands.role ${unequal} session.oid AND (
      hands.role ${equal} 0::pg_catalog.oid OR NOT other.rolsuper AND other.rolname ${unequal} 'pg_database_owner'
    )
    GROUP BY hands.role, other.rolname, hands.kind, hands.name
  )
  SELECT
    counted.rolname::pg_catalog.text AS role,
    counted.kind,
    counted.name::pg_catalog.text AS name,
    counted.count,
    (pg_catalog.count(*) OVER ())::pg_catalog.int4 AS total
  FROM counted
  ORDER BY pg_catalog.array_position(
    ARRAY['ownsDatabase', 'createsSchemas', 'createsIn', 'ownsSchema', 'createsTriggers', 'functions', 'views',
      'eventTriggers', 'tables', 'types', 'operators', 'others'],
    counted.kind), counted.rolname NULLS FIRST, counted.name
  LIMIT ${namedOthers}`;
