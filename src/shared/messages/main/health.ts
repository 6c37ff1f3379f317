/** Texts of schema health: findings, their meaning and repairs; and which database it is. */
export const healthTexts = {
  passport: {
    console: 'This is the database of LiteMaaS Console.',
    document: 'These are the tables of LiteMaaS’ schema document, made by something other than this console.',
    documentWithoutLedger:
      'These are the tables of LiteMaaS Console without its record of migrations (schema drizzle): the copy is not complete.',
    litemaas: 'This is the database of LiteMaaS itself, with the schema of release {{release}} or later.',
    litellm: 'This is LiteLLM’s own database.',
    other: 'This database holds tables of another program.',
    empty: 'This database is empty.',
    inSchema: 'Its tables are in the schema {{schema}}.',
    upgradedInPlace:
      'It began with a release before 0.1 and still has the usage tables of that time, which nothing fills any more.',
    incomplete: 'LiteMaaS has not finished making this schema: {{missing}} missing.',
    withLitellm: 'LiteLLM’s tables share the database.',
    consoleWorks: 'Every screen works once its migrations are applied.',
    emptyWorks: 'Migrate to create the schema; until then only the Database screens work.',
    foreignWorks:
      'Browse, SQL and Health work here; the other screens need the console’s own schema, and the console’s migrations are never run on this database.',
  },
};
