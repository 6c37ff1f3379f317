/** Texts of preparing a database: what is checked before, what is going on, what went wrong. */
export const migrationsTexts = {
  title: 'Prepare the database',
  waiting: 'Waiting: another console is preparing this database',
  ahead: 'This database was prepared by a newer or different version of the console. Nothing was changed.',
  aheadHint: 'Open it with the newest version of the console.',
  cancelled: 'Preparing the database was cancelled.',
  cancelledHint: 'What was finished stays; start again to go on.',
  filesIncomplete: 'The migration files of this console are incomplete.',
  listUnreadable: 'The list of migrations of this console cannot be read.',
  installAgain: 'Install the console again.',
  ledgerForbidden: '{{role}} may not read which migrations were applied here.',
  ledgerForbiddenHint:
    'As the owner: GRANT USAGE ON SCHEMA drizzle TO {{role}}; GRANT SELECT ON drizzle.__drizzle_migrations TO {{role}};',
  foreignOwner: '{{object}} was there before, and {{owner}} owns it. Nothing of this step was kept.',
  foreignOwnerHint:
    'Have its owner or an administrator drop or rename {{object}}, or migrate as its owner, and start again.',
  dependents:
    '{{object}} must be made anew, and this hangs on it: {{dependents}}. Nothing of this step was kept.',
  dependentsHint: 'Drop it, start again, and create it again afterwards. What came before stays.',
  stopped: '{{name}} was stopped: {{said}}. Nothing of it was kept; what came before stays.',
  takenHint:
    'Something of another program has this name. Rename or drop it, or have its owner do so, and start again.',
  notOwnerHint:
    'Migrate as the role that owns the database’s tables and functions, or have an administrator give them to this role (ALTER … OWNER TO), and start again.',
  unknownPurpose: 'Made by a newer or different version of this console.',
  preflight: {
    version: 'PostgreSQL {{version}}',
    tooOld: 'This server is PostgreSQL {{version}}; the schema needs 15 or newer.',
    tooOldHint: 'Use a server of version 15 to 18.',
    utf8: 'Text is stored as UTF-8',
    otherEncoding: 'This database stores text as {{encoding}}, in which not every name can be stored.',
    mayCreateSchemas: '{{user}} may create schemas',
    noSchemas: '{{user}} may not create schemas in database {{database}}.',
    mayCreateTables: '{{user}} may create tables in public',
    noTables:
      '{{user}} may not create tables in schema public (PostgreSQL 15 and newer grant it to the owner only).',
    noPublic: 'This database has no schema public.',
    noForeignTables: 'No tables of another program are in the way',
    nothingPlanted: 'Nothing of anybody else’s waits in the schemas',
    planted_one: 'One object of somebody else’s waits where the schema is created: {{list}}.',
    planted_other: '{{count}} objects of somebody else’s wait where the schema is created: {{list}}.',
    more_one: 'and {{count}} more',
    more_other: 'and {{count}} more',
    plantedHint:
      'Nothing was changed. They could run in place of what is meant. Move what you need into a schema of its own (ALTER … SET SCHEMA) and DROP the rest, or use an empty database.',
    nobodyElseCreates: 'Nobody else may create in the schemas',
    creator: '{{role}} may create in {{schema}}',
    othersCreate: 'Others may create where the schema is created: {{list}}.',
    othersCreateHint: 'Take the right away: {{statements}}',
    foreignTablesHint:
      'Nothing was changed. Create an empty database for the console, or open this one without migrating it.',
  },
};
