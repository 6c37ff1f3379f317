/** Texts of the Database screen’s work. */
export const databaseTexts = {
  notOurs: 'This database must not be migrated: its schema is not one this console made.',
  notOursHint:
    'Nothing was changed. Use an empty database, or the version of the console that made this one.',
  stopServer: 'Stop the server',
  setAside: 'Set the data folder aside',
  noPassword: 'This connection uses no password.',
  noPasswordHint: 'Copy the connection string as it is.',
  roles: {
    head: {
      reader: 'Reads everything that the console shows, without the values of API keys. Changes nothing.',
      administrator:
        'Makes every change of the console that leaves the schema as it is. Migrations, repairs and months of the usage log are the owner’s.',
      owner: 'Owns the schema: migrates it, repairs it and adds months to the usage log.',
    },
    runAs: {
      others:
        'Run this with psql, connected to the database {{database}}, as a superuser, or as the owner of its tables with the right to create roles.',
      owner: 'Run this with psql, connected to the database {{database}}, as a superuser.',
    },
    exists: '{{role}} is there already and keeps what it has; this is what it needs.',
    password: 'Set its password with psql, which sends no more than its hash: \\password {{role}}',
    unfinished: 'The schema is not complete yet: migrate first, then roles can be granted what they need.',
    notOurs: 'Roles are for a database whose schema this console made.',
  },
};
