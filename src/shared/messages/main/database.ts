/** Texts of the Database screen’s work. */
export const databaseTexts = {
  notOurs: 'This database must not be migrated: its schema is not one this console made.',
  notOursHint: 'Open Database to see what was found.',
  stopServer: 'Stop the server',
  setAside: 'Set the data folder aside',
  noPassword: 'This connection uses no password.',
  noPasswordHint: 'Copy the connection string as it is.',
};
