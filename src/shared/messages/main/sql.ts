/** Texts of browsing and read-only SQL. */
export const sqlTexts = {
  browse: {
    noRelation: 'The database has no relation {{name}}, or it was removed meanwhile.',
    noRelationHint: 'Read the list of relations again.',
    notReadable: 'The role may not read {{name}}.',
    notReadableHint: 'Ask its owner to GRANT SELECT on it, or connect as another role.',
    noColumn: 'There is no column {{column}} in {{name}} that the role may read.',
    noColumnHint: 'Read the relation again: it may have changed.',
    secretFilter: 'The column {{column}} holds secrets: it can be neither filtered nor sorted by.',
    secretFilterHint: 'Choose another column.',
    notComparable: 'Values of type {{type}} have no order: {{column}} can’t be sorted or compared.',
    notComparableHint: 'Filter by text that it contains instead.',
    valueMissing: 'The filter on {{column}} has no value.',
    valueMissingHint: 'Give a value, or ask whether there is none.',
    valueUnreadable: 'PostgreSQL can’t read this value of the filter on {{column}} as {{type}}: {{reason}}.',
    valueUnreadableHint: 'Write it as PostgreSQL prints values of that type.',
    cursorExpired: 'The place in the list is no longer known.',
    cursorExpiredHint: 'Go to the first page.',
    rowGone: 'The row was changed or removed meanwhile.',
    rowGoneHint: 'Read the page again.',
    locked: '{{name}} can’t be read now: another session has locked it, or a table that it reads.',
    lockedHint:
      'ALTER TABLE, TRUNCATE, VACUUM FULL and the like do that. Try again when it is done; Schema health lists sessions that hang.',
    lockedBy: '{{name}} can’t be read now: session {{pid}} has locked it ({{who}}).',
    lockedBehind:
      '{{name}} can’t be read now: session {{pid}} waits to lock it, and everybody else waits behind it ({{who}}).',
    lockedByHint:
      'ALTER TABLE, TRUNCATE, VACUUM FULL and the like do that. Try again when it is done. If it hangs, its user or a superuser can end it: SELECT pg_terminate_backend({{pid}}).',
  },
  run: {
    notReading: 'Only a statement that reads is run here; {{word}} is not one.',
    notReadingHint: 'Write one SELECT, VALUES, TABLE, WITH … SELECT, SHOW or EXPLAIN.',
    oneStatement: 'One statement is run at a time; here stands another one behind a semicolon.',
    oneStatementHint: 'Select the one to run, or remove the other.',
    outsideEffect: '{{name}} is not called here: it may act outside the read-only transaction.',
    outsideEffectHint: 'Call it in psql if you mean it.',
    ownEscapes: 'A name is written with UESCAPE: which function it calls can’t be checked.',
    ownEscapesHint: 'Write the name without escapes.',
    zeroByte: 'The statement holds a zero byte, which PostgreSQL can’t read.',
    tooLarge:
      'The answer holds more than 128 MB at once: a single value, or few rows, are too large to be read.',
    tooLargeHint: 'Read a part of the value, for instance with left(…) or substring(…).',
    timeout: 'PostgreSQL stopped the statement because it took longer than a minute.',
    timeoutHint: 'Narrow it down, look at its plan, or export it: an export has no time limit.',
    readOnly: 'PostgreSQL refused the statement because it would change something: {{reason}}.',
    readOnlyHint: 'Statements run in a read-only transaction here.',
  },
};
