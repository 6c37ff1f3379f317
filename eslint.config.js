import boundaries from 'eslint-plugin-boundaries';
import reactHooks from 'eslint-plugin-react-hooks';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

/** The parts of the house (CONTRIBUTING.md). A file of `main` may be in a second one. */
const parts = {
  package: 'package.json',
  shared: 'src/shared/**',
  preload: 'src/preload/**',
  renderer: 'src/renderer/**',
  page: 'src/renderer/src/{app/**,main.tsx}',
  main: 'src/main/**',
  desktop: 'src/main/electron/**',
  'browser-host': 'src/main/browser/**',
  'command-line': 'src/main/command-line/**',
  entry: 'src/main/{index,browser,db-setup,run}.ts',
  composition: 'src/main/console.ts',
  'composition-part': 'src/main/{database-side,database-environment,renderer-files}.ts',
  language: 'src/main/kernel/say.ts',
};
/** The floors of `main`, lowest first: each stands on those before it and imports nothing upwards. */
const floors = {
  kernel: 'src/main/kernel/**',
  files: 'src/main/files/**',
  masking: 'src/main/masking/**',
  postgres: 'src/main/postgres/**',
  'local-server': 'src/main/local-server/**',
  workspace: ['src/main/workspace/*.ts', 'src/main/workspace/!(calls)/**'],
  router: 'src/main/router/**',
  records: 'src/main/records/**',
  export: 'src/main/export/**',
  changes: 'src/main/changes/**',
  'usage-log': 'src/main/usage-log/**',
  litellm: 'src/main/litellm/**',
};
/** Those of the renderer; its areas stand on them, and `app` and the entry on the areas. */
const pageFloors = Object.fromEntries(
  ['api', 'ui', 'forms', 'charts', 'lists', 'records', 'review'].map((name) => [
    `page-${name}`,
    `src/renderer/src/${name}/**`,
  ]),
);
const pageFloorNames = Object.keys(pageFloors);
const floorNames = Object.keys(floors);
const tops = ['desktop', 'browser-host', 'command-line', 'entry', 'composition', 'composition-part'];
/** What is in `main` but no floor, host, entry or composition root. */
const area = { anyOf: ['main'], noneOf: [...tops, ...floorNames] };
const areasAndFloors = { anyOf: ['main'], noneOf: tops };

const files = (...categories) => ({ to: { file: { categories: { anyOf: categories } } } });
const pageArea = { anyOf: ['renderer'], noneOf: ['page', ...pageFloorNames] };
const belowThePage = { to: { file: { categories: { anyOf: ['renderer'], noneOf: ['page'] } } } };
const belowTheTop = { to: { file: { categories: areasAndFloors } } };
const packages = (...sources) => ({ to: { module: { origin: 'external', source: sources } } });
const node = { to: { module: { origin: 'core' } } };

/** Who may import whom; everything else is refused. */
const importPolicies = [
  { from: 'shared', allow: [files('shared'), packages('zod')] },
  { from: 'preload', allow: [files('shared'), packages('electron')] },
  { from: 'page', allow: [files('shared', 'renderer'), packages('!electron')] },
  { from: pageArea, allow: [files('shared'), belowThePage, packages('!electron')] },
  ...pageFloorNames.map((name, place) => ({
    from: name,
    allow: [files('shared', ...pageFloorNames.slice(0, place + 1)), packages('!electron')],
  })),
  {
    from: 'desktop',
    allow: [files('shared', 'composition', 'language', 'desktop'), packages('electron'), node],
  },
  {
    from: 'browser-host',
    allow: [files('shared', 'composition', 'language', 'browser-host'), packages('zod'), node],
  },
  {
    from: 'command-line',
    allow: [
      files('package', 'shared', 'composition', 'composition-part', 'language', 'kernel', 'command-line'),
      node,
    ],
  },
  {
    from: 'entry',
    allow: [
      files(
        'package',
        'shared',
        'composition',
        'composition-part',
        'desktop',
        'browser-host',
        'command-line',
      ),
      belowTheTop,
      node,
    ],
  },
  { from: 'composition', allow: [files('shared', 'composition-part'), belowTheTop, node] },
  { from: 'composition-part', allow: [files('shared', 'composition-part'), belowTheTop, node] },
  { from: area, allow: [files('shared'), belowTheTop, packages('!electron'), node] },
  ...floorNames.map((name, place) => ({
    from: name,
    allow: [files('shared', ...floorNames.slice(0, place + 1)), packages('!electron'), node],
  })),
];

const pathsOf = (categories) =>
  categories.flatMap((category) => ({ ...parts, ...floors, ...pageFloors })[category]);
const dependencyRule = (policies) => ({
  'boundaries/dependencies': [
    'error',
    {
      default: 'disallow',
      checkAllOrigins: true,
      checkUnknownLocals: true,
      message: 'This may not be imported from here (CONTRIBUTING.md, "The house").',
      policies,
    },
  ],
});
/** Each file is held to its own policy alone: all of them, asked of every import, take a minute more. */
const policyOfEach = importPolicies.map(({ from, allow }) => {
  const { anyOf, noneOf = [] } = typeof from === 'string' ? { anyOf: [from] } : from;
  return {
    files: pathsOf(anyOf),
    ignores: [...pathsOf(noneOf), 'src/**/*.test.{ts,tsx}'],
    rules: dependencyRule([{ from: { file: { categories: from } }, allow }]),
  };
});

const bannedSyntax = {
  outsideAddress: [
    {
      selector: ':matches(MemberExpression, Property) > Identifier[name="openExternal"]',
      message: 'Use safeOpenExternal (src/main/electron/safe-open-external.ts), which checks the address.',
    },
  ],
  defaultExport: [
    {
      selector: ':matches(ExportDefaultDeclaration, ExportSpecifier[exported.name="default"])',
      message: 'Export by name: a name is found by search and stays the same in every import.',
    },
  ],
  uncheckedConnection: [
    {
      selector:
        ':matches(NewExpression[callee.object.name="pg"], NewExpression[callee.name=/^(Client|Pool)$/])',
      message:
        'Connect through CheckedClient or checkedPool (src/main/postgres/wire): pg throws outside promises and gives the password to whoever asks.',
    },
  ],
  unsetSession: [
    {
      selector: 'NewExpression[callee.object.name="pg"]',
      message:
        'Connect through openTestSession (tests/support/test-session.ts), which has the list of settings that figures hold for; as somebody else through connectAsOther (tests/support/postgres.ts).',
    },
  ],
  always: [
    {
      selector: 'MemberExpression > Identifier[name="sendSync"]',
      message: 'A synchronous message stops the whole window; call through window.litemaas.',
    },
    {
      selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]',
      message: 'Text from the database must never become markup.',
    },
  ],
};

const rawIpc = (...importNames) => [
  'error',
  {
    paths: [
      {
        name: 'electron',
        importNames,
        message:
          'Calls go through src/main/electron/ipc.ts and src/preload/index.ts, which check the sender.',
      },
    ],
  },
];

const banned = (...kinds) => ['error', ...kinds.flatMap((kind) => bannedSyntax[kind])];

export default tseslint.config(
  {
    ignores: [
      'out/',
      'dist/',
      'node_modules/',
      'test-results/',
      'playwright-report/',
      '.bench-data/',
      'coverage/',
    ],
  },
  {
    files: ['**/*.{ts,tsx,mjs,js}'],
    languageOptions: { parser: tseslint.parser },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'no-restricted-imports': rawIpc('ipcMain', 'ipcRenderer'),
      'no-restricted-syntax': banned('outsideAddress', 'defaultExport', 'always'),
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-console': 'error',
      'no-control-regex': 'error',
      'max-lines': ['error', 500],
    },
  },
  {
    // Written by `npm run catalogue`, a line for each object.
    files: ['src/main/health/catalogue/expected-catalogue.ts'],
    rules: { 'max-lines': 'off' },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    // One program for everything is the cheapest; each runtime's own types are checked by `npm run typecheck`.
    languageOptions: {
      parserOptions: { project: ['tsconfig/tests.json'], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/require-await': 'off',
      // Interfaces here are closures, not classes: there is no `this` to lose.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      // An AbortSignal may be aborted during an await that the type checker does not see.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // `signal.reason` is what a cancelled call rejects with.
      '@typescript-eslint/prefer-promise-reject-errors': [
        'error',
        { allowThrowingAny: true, allowThrowingUnknown: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['src/**/*.test.{ts,tsx}'],
    plugins: { boundaries },
    settings: {
      'import/resolver': { typescript: { project: 'tsconfig/tests.json' } },
      // No policy here is a template; working them out costs as much as the comparing.
      'boundaries/legacy-templates': false,
      'boundaries/files': Object.entries({ ...parts, ...floors, ...pageFloors }).map(
        ([category, pattern]) => ({
          category,
          pattern,
        }),
      ),
    },
    // What is no part of the house may import nothing; the parts have their own below.
    rules: dependencyRule([]),
  },
  ...policyOfEach,
  {
    // Texts of a database, a proxy or a file may be long and hostile: no pattern takes longer than its text.
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['src/**/*.test.{ts,tsx}'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': 'error',
      'regexp/no-super-linear-move': 'error',
    },
  },
  {
    files: ['src/renderer/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat.recommended],
    rules: { 'no-console': ['error', { allow: ['error'] }] },
  },
  {
    files: ['src/main/electron/safe-open-external.ts', 'tests/support/electron-stand-in/*.ts'],
    rules: { 'no-restricted-syntax': banned('defaultExport', 'always') },
  },
  {
    files: ['src/main/**/*.ts'],
    ignores: [
      'src/main/electron/safe-open-external.ts',
      'src/main/postgres/wire/checked-client.ts',
      '**/*.test.ts',
    ],
    rules: {
      'no-restricted-syntax': banned('outsideAddress', 'defaultExport', 'uncheckedConnection', 'always'),
    },
  },
  {
    files: ['bench/**/*.ts', 'scripts/**/*.ts', 'tests/{e2e,integration,security}/**/*.ts'],
    rules: { 'no-restricted-syntax': banned('outsideAddress', 'unsetSession', 'defaultExport', 'always') },
  },
  { files: ['src/main/electron/ipc.ts'], rules: { 'no-restricted-imports': rawIpc('ipcRenderer') } },
  { files: ['src/preload/index.ts'], rules: { 'no-restricted-imports': rawIpc('ipcMain') } },
  {
    files: ['*.config.{ts,js}', '**/*.d.ts'],
    rules: { 'no-restricted-syntax': banned('outsideAddress', 'always') },
  },
);
