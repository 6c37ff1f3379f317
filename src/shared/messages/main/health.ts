/** Texts of schema health: findings, their meaning and repairs; and which database it is. */
export const healthTexts = {
  passport: {
    console: 'This is the database of LiteMaaS Console.',
    document: 'These are the tables of LiteMaaS’ schema document, made by something other than this console.',
    documentWithoutLedger:
      'These are the tables of LiteMaaS Console without its record of migrations (schema drizzle): the copy is not complete.',
    litemaas: 'This is the database of LiteMaaS itself, with the schema of release {{release}} or later.',
    litemaasBefore:
      'This is the database of LiteMaaS itself, with the schema of release {{release}} to before {{before}}.',
    litellm: 'This is LiteLLM’s own database.',
    other: 'This database holds tables of another program.',
    empty: 'This database is empty.',
    inSchema: 'Its tables are in the schema {{schema}}.',
    upgradedInPlace:
      'It began with a release before 0.1 and still has the usage tables of that time, which nothing fills any more.',
    incomplete: 'LiteMaaS has not finished making this schema: {{missing}} missing.',
    withLitellm: 'LiteLLM’s tables share the database.',
    consoleWorks: {
      current: 'All its migrations are applied: every screen works.',
      behind: 'Not all its migrations are applied: every screen works once they are.',
      ahead: 'A newer or different console migrated it: the other screens need that version.',
      changed:
        'An applied migration differs from the one in this console: the other screens stay closed until that is cleared up.',
    },
    emptyWorks: 'Migrate to create the schema; until then only the Database screens work.',
    foreignWorks:
      'Browse, SQL and Health work here; the other screens need the console’s own schema, and the console’s migrations are never run on this database.',
  },
  yes: 'Yes',
  no: 'No',
  rows: 'Rows',
  rowsEstimated: 'Rows (estimated)',
  size: 'Size',
  notOurs:
    'This database does not have the console’s own schema: there is nothing to compare it with. The other checks run on any database.',
  notCurrent: {
    empty: 'This database is empty: there is nothing to compare yet.',
    behind: 'Migrations are pending. Apply them first: what they make is what is compared here.',
    ahead: 'A newer console made this schema. Use that version to check it.',
    changed: 'An applied migration differs from the one in this console, so it cannot say what is expected.',
  },
  schema: {
    expected: 'Expected {{part}}',
    found: 'Found {{part}}',
    none: 'none',
    anotherText: 'differs from the migration’s',
    missing: {
      table: 'The table {{object}} is missing.',
      enum: 'The enum {{object}} is missing.',
      column: 'The column {{object}} is missing.',
      constraint: 'The constraint {{object}} is missing.',
      index: 'The index {{object}} is missing.',
      trigger: 'The trigger {{object}} is missing.',
      view: 'The view {{object}} is missing.',
      function: 'The function {{object}} is missing.',
    },
    missingMeaning: {
      table:
        'Screens that read it fail. Restore it from a backup, or apply the migrations to a new database.',
      enum: 'Columns of this type cannot be read or written. Restore it from a backup.',
      column: 'Screens and changes that use it fail. Restore it from a backup.',
      constraint:
        'Rows that should be refused are accepted. Create it again as expected, after mending the rows that break it.',
      index:
        'Everything works, but lists, filters or deletions that it serves read whole tables. It can be created again.',
      trigger: 'What it does no longer happens: accounting, quotas or history stop being right from now on.',
      view: 'Screens and programs that read it fail. Create it again as its migration says.',
      function: 'What calls it fails. Create it again as its migration says.',
    },
    changed: {
      table: 'The table {{object}} differs.',
      enum: 'The enum {{object}} has other values.',
      column: 'The column {{object}} differs.',
      constraint: 'The constraint {{object}} differs.',
      index: 'The index {{object}} differs.',
      trigger: 'The trigger {{object}} differs.',
      view: 'The view {{object}} differs.',
      function: 'The function {{object}} differs.',
    },
    changedMeaning: {
      table: 'Rows may be hidden, lost in a crash, or kept elsewhere than the console expects.',
      enum: 'A status that this console does not know may appear, or one that it uses may be refused.',
      column: 'Values may be cut, rounded, refused, or filled in differently from what the console promises.',
      constraint: 'Other rows are accepted or refused than the console expects.',
      index: 'Lists, filters or deletions may be slower than they should be.',
      trigger: 'It fires at other times or does something else: accounting, quotas or history may be wrong.',
      view: 'Whoever reads it sees other figures than the console’s.',
      function: 'It does something else than its migration says: check what, and who changed it.',
    },
    extra: {
      table: 'The table {{object}} is not one of ours.',
      enum: 'The enum {{object}} is not one of ours.',
      column: 'The column {{object}} is not one of ours.',
      constraint: 'The constraint {{object}} is not one of ours.',
      index: 'The index {{object}} is not one of ours.',
      trigger: 'The trigger {{object}} is not one of ours.',
      view: 'The view {{object}} is not one of ours.',
      function: 'The function {{object}} is not one of ours.',
    },
    extraMeaning: {
      other: 'Somebody added it. It does no harm here; the console leaves it alone.',
      neededColumn:
        'Somebody added a column that every new row must fill. The console does not know it, so creating rows in this table fails.',
      constraint:
        'Somebody added a rule that the console does not know. It may refuse changes that are right otherwise.',
      trigger:
        'Somebody added code that runs with the console’s changes. It may slow them down, change them or refuse them.',
    },
  },
  search: {
    contains: 'Search inside names is slow.',
    containsMeaning:
      'Indexes for search by contains are missing. With the extension pg_trgm they can be created; until then each such search reads the whole table.',
    containsUnavailable:
      'The server does not have the extension pg_trgm (package postgresql-contrib). Search by contains works and reads the whole table.',
    extension: 'pg_trgm installed',
    missingIndexes: 'Missing indexes',
    collation: 'Names are sorted by code point.',
    collationMeaning:
      'When this schema was made the server had no ICU, so lists put “Zoe” before “alice”. Nothing is wrong with the data.',
  },
  indexes: {
    invalid: 'The index {{index}} is not valid.',
    invalidMeaning:
      'It was left half-built, so no query uses it, and every write still pays for it. Building it again mends it.',
    invalidUniqueMeaning:
      'It was left half-built: no query uses it, and rows from before it may break its rule. Building it again mends it, or names the rows that are double.',
    leftoverMeaning:
      'A rebuild that did not finish left it behind; the index it was made for still serves. It only costs space and time: drop it.',
    partitionedMeaning:
      'Some partitions have no part of it, so queries over the whole table do without. Creating the missing parts mends it.',
    table: 'Table',
    tableSize: 'Size of the table',
    definition: 'Definition',
    unvalidated: 'The constraint {{constraint}} of {{table}} was never checked on old rows.',
    unvalidatedMeaning:
      'It holds for new rows. Older ones may break it, and queries cannot rely on it. Validating reads the table once.',
    collation: 'The sort order {{collation}} has changed since indexes were built.',
    collationMeaning:
      'The operating system or ICU was updated. Indexes over text may miss rows or accept double ones. Rebuild them (REINDEX), then ALTER COLLATION or ALTER DATABASE … REFRESH VERSION.',
    builtWith: 'Built with version',
    sortsWith: 'Sorts with version',
    affected: 'Indexes that use it',
  },
  partitions: {
    due_one: 'The usage log lacks {{count}} month of now and the next three.',
    due_other: 'The usage log lacks {{count}} months of now and the next three.',
    dueMeaning:
      'Usage of these months goes to the DEFAULT partition, which makes every query read it and creating the month slower later.',
    back_one: 'The usage log lacks {{count}} month of the past.',
    back_other: 'The usage log lacks {{count}} months of the past.',
    backMeaning: 'Only an import of old usage would notice: its rows would go to the DEFAULT partition.',
    months: 'Months',
    notKept: 'Why the console did not create them by itself',
    othersLog:
      'The usage log, or the routine that creates its months, belongs to another role than the one signed in.',
    tookTooLong: 'It took longer than whoever opens a workspace should wait.',
    rowsInDefault:
      'Rows lie in the DEFAULT partition: while they are read and moved, usage cannot be written.',
    detached: 'The month {{table}} is not part of the usage log.',
    detachedMeaning:
      'Somebody took it out of the log, for example to archive it. Its rows are not read, and the console leaves it as it is.',
    detachedDueMeaning:
      'A table of that name stands beside the log, so the console cannot create the month. Attach it again, or rename it and create the partition.',
    default_one: 'Rows of {{count}} month lie in the DEFAULT partition.',
    default_other: 'Rows of {{count}} months lie in the DEFAULT partition.',
    defaultMeaning:
      'They are counted and shown. But every query over the log reads them, and they bar creating their month until they are moved.',
  },
  capacity: {
    sequence: 'The sequence {{sequence}} is nearly used up.',
    sequenceMeaning:
      'At its end every insert fails. Change the column to BIGINT (and the sequence with it) while there is time.',
    columnNear: 'Values of {{column}} come near the end of their type.',
    columnMeaning:
      'A larger value is refused, and with it the whole row. Change the column to a wider type, or find out where such values come from.',
    used: 'Used',
    lastValue: 'Last value',
    largest: 'Largest value in PostgreSQL’s sample',
    limit: 'Limit',
    column: 'Fills',
    type: 'Type',
  },
  tables: {
    withoutKey: 'The table {{table}} has no primary key.',
    withoutKeyMeaning:
      'Double rows cannot be told apart or removed singly, and logical replication cannot carry its changes.',
    wraparound: {
      database: 'The database {{name}} holds very old transactions.',
      table: 'The table {{name}} holds very old transactions.',
    },
    wraparoundMeaning:
      'Vacuum has not frozen them. Near 2,147 million PostgreSQL refuses all writes. Run VACUUM (FREEZE), and end sessions or replication slots that hold it back.',
    age: 'Age in transactions',
    vacuumOverdue: 'Autovacuum does not keep up with {{table}}.',
    vacuumOverdueMeaning:
      'Dead rows fill the table and slow every query on it. Look for sessions that stay in a transaction, then run VACUUM (ANALYZE).',
    vacuumOff: 'Autovacuum is switched off for {{table}}.',
    vacuumOffMeaning: 'Dead rows are not removed and statistics go stale, unless somebody vacuums by hand.',
    deadRows: 'Dead rows',
    liveRows: 'Live rows',
    vacuumDue: 'Autovacuum is due at',
    vacuumedAt: 'Last vacuumed',
  },
  sessions: {
    hidden_one:
      '{{count}} session of other users cannot be looked into: the role is not a member of pg_read_all_stats.',
    hidden_other:
      '{{count}} sessions of other users cannot be looked into: the role is not a member of pg_read_all_stats.',
    idle: 'Session {{name}} stands idle inside a transaction.',
    idleMeaning:
      'It keeps its locks, and vacuum cannot remove what has died since it began. Its program forgot to commit or has hung.',
    long: 'Session {{name}} has been running one statement for long.',
    longMeaning: 'Vacuum cannot remove what has died since it began. Nothing is wrong if it is expected.',
    waiting: 'Session {{name}} waits for another one.',
    waitingMeaning: 'It goes on when the session named below commits, or is ended.',
    prepared: 'The prepared transaction {{name}} was never ended.',
    preparedMeaning:
      'It keeps its locks and holds vacuum back, also across restarts. End it with COMMIT PREPARED or ROLLBACK PREPARED.',
    user: 'User',
    application: 'Program',
    since: 'Since',
    for: 'For',
    blockedBy: 'Waits for sessions',
  },
  reconcile: {
    title: 'Compare the rollups with the log',
  },
  repair: {
    title: {
      create_partitions: 'Create missing partitions',
      move_default_rows: 'Move rows out of the DEFAULT partition',
      reindex: 'Build the index again',
      validate_constraint: 'Validate the constraint',
      create_index: 'Create the missing index',
      create_search_indexes: 'Create the search indexes',
      rebuild_usage: 'Rebuild the rollups from the log',
    },
    partitionsToCreate: 'Partitions to create',
    rowsToMove: 'Rows to move',
    toRead: 'To read',
    logged: 'Rows in the log (estimated)',
    unattributed: 'Unattributed rows (estimated)',
    archivedRanges: 'Archived stretches, which stay as they are',
    waits: 'Others use the table. Waits, and tries again in a moment.',
    phase: '{{phase}}',
    phaseOf: '{{phase}}: {{done, number}} of {{total, number}}',
    partitionsDone_one: '{{count}} partition created.',
    partitionsDone_other: '{{count}} partitions created.',
    validateDone: 'Every row keeps the rule {{constraint}}.',
    indexDone: 'The index {{index}} is built and in use.',
    searchDone: 'Search inside names uses its indexes now.',
    rebuildDone: 'Summaries and rollups were made again from the log.',
    searchRefused: 'The extension pg_trgm could not be created.',
    searchRefusedHint: 'Ask the owner of the server to run CREATE EXTENSION pg_trgm in this database.',
    nothingLeft: 'There is nothing left to repair here.',
    checkAgain: 'Check again to see how things stand.',
    changed: 'By now something else would be done than was previewed. Nothing was changed.',
    previewAgain: 'Look at the preview again.',
  },
};
