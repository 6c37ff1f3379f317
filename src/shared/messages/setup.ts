/** Texts of the set-up screen. */
export const setupMessages = {
  title: 'Set up your console',
  description:
    'The console works on one PostgreSQL database with the LiteMaaS schema, with or without a LiteLLM proxy beside it.',
  switchTitle: 'Workspaces',
  switchDescription: 'Opening another workspace closes this one. Its data stays where it is.',
  local: {
    title: 'Set up a local database',
    description: 'One click, a few seconds, nothing to install: PostgreSQL comes with the console.',
    runningTitle: 'Setting up your local database',
    runningDescription:
      'You may reload or close this page meanwhile: the work goes on and is found again here.',
    existingTitle: 'Your local database',
    existingDescription:
      'It is on this machine already. Opening it starts its server where needed and migrates its schema.',
    unusable: 'The local database cannot be used on this machine.',
    steps: {
      server: 'Starts the bundled PostgreSQL 18 in a folder of its own',
      schema: 'Creates the database and the whole LiteMaaS schema',
      team: 'Creates the Default Team, which every user joins',
      loopback: 'Listens on 127.0.0.1 only, with a password kept in that folder',
    },
    dataFolder: 'Data goes to <folder/>',
    withDemo: 'With demo data',
    withDemoHelp:
      '40 users, 80 API keys and a real trace of {{requests}} requests, to look around. People, who used which model, latencies and errors are simulated. Removable with one click.',
    start: 'Set up local database',
    open: 'Open local database',
    failed: 'Setting up did not work',
  },
  known: {
    title: 'Known workspaces',
    setAside: 'The list of workspaces was damaged. It was kept as {{name}}; a new one begins here.',
    lastOpened: 'Last opened <moment/>',
    neverOpened: 'Never opened',
    open: 'Open',
    openNamed: 'Open {{name}}',
    isOpen: 'Open now',
    passwordOf: 'Password for {{name}}',
    rememberPassword: 'Remember the password',
    asSuperuser: 'Open as this role',
    edit: 'Edit',
    editNamed: 'Edit {{name}}',
    remove: 'Remove',
    removeNamed: 'Remove {{name}}',
    failed: 'The workspace could not be opened',
  },
  connect: {
    title: 'Connect to a server',
    description:
      'A PostgreSQL of your own, here or anywhere you can reach: looked at read-only, or administered.',
    open: 'Connect to a server…',
  },
  remove: {
    title: 'Remove “{{name}}”?',
    body: 'The console forgets where this database is and the secrets it kept for it.',
    serverKeeps: 'The database itself stays as it is.',
    data: 'Its data',
    withoutData: 'Keep the data: the local database can be opened again later',
    withData: 'Delete the data as well; that cannot be undone',
    withDataOfSize: 'Delete the data as well ({{size}}); that cannot be undone',
    confirm: 'Remove',
    confirmWithData: 'Remove and delete the data',
    done: '{{name}} is removed from the list.',
    doneWithData: '{{name}} is removed, its data ({{size}}) deleted.',
    failed: 'The workspace could not be removed',
  },
};
