/** Texts of the Database screen’s work. */
export const databaseTexts = {
  notOurs: 'This database must not be migrated: its schema is not one this console made.',
  notOursHint:
    'Nothing was changed. Use an empty database, or the version of the console that made this one.',
  stopServer: 'Stop the server',
  setAside: 'Set the data folder aside',
  noPassword: 'This connection uses no password.',
  noPasswordHint: 'Copy the connection string as it is.',
};
