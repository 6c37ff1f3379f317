/** Texts of what every call goes through: the router, jobs, exports; and of the audit log. */
export const consoleTexts = {
  cancelled: 'Cancelled.',
  internal: 'Something went wrong inside the console.',
  internalHint: 'Try again; the log in the data folder has the details.',
  noProcedure: 'The console has no such procedure.',
  noProcedureHint: 'Reload the window: it may be older than the console behind it.',
  invalidInput: 'The input is not valid: {{problems}}',
  noDatabase: 'No database is open.',
  noDatabaseHint: 'Set up or open a workspace first.',
  noSchema: 'The database does not have the schema this needs.',
  noSchemaHint: 'Open Database and run the migrations.',
  readOnly: 'This workspace is open read-only.',
  readOnlyHint: 'Open it as administrator to change it.',
  alreadyRunning: 'This is already running.',
  alreadyRunningHint: 'Wait until it has finished, or cancel it.',
  auditMissing: 'There is no such entry in the audit log.',
  auditMissingHint: 'Go back to the list: the entry may have been removed from the database.',
};
