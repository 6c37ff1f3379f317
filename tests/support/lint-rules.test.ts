import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it, vi } from 'vitest';

// The first file loads every plugin, which takes a while on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

// The rules that hold the house together, without the type-aware ones: those would cost half a minute here.
const eslint = new ESLint({
  overrideConfig: [{ files: ['**/*.{ts,tsx}'], ...tseslint.configs.disableTypeChecked }],
});

/** The rules that a file with this content breaks, unused names aside. */
async function brokenRules(path: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: path });
  const messages = result?.messages ?? [];
  expect(messages.filter(({ fatal }) => fatal)).toEqual([]);
  const rules = messages.map(({ ruleId }) => ruleId ?? 'none');
  return rules.filter((rule) => rule !== '@typescript-eslint/no-unused-vars');
}

describe('import boundaries', () => {
  const boundary = 'boundaries/dependencies';
  const forbidden: readonly (readonly [string, string, string])[] = [
    ['shared imports main', 'src/shared/progress.ts', "import '../main/kernel/log';"],
    ['shared imports Node', 'src/shared/progress.ts', "import 'node:fs';"],
    ['shared imports a package other than zod', 'src/shared/progress.ts', "import 'pg';"],
    ['the preload imports main', 'src/preload/index.ts', "import '../main/kernel/log';"],
    ['the preload imports zod', 'src/preload/index.ts', "import 'zod';"],
    ['the renderer imports main', 'src/renderer/src/users/fixture.ts', "import '../../../main/kernel/log';"],
    [
      'the renderer imports the preload',
      'src/renderer/src/users/fixture.ts',
      "import '../../../preload/index';",
    ],
    ['ui imports lists', 'src/renderer/src/ui/tile.tsx', "import '../lists/server-grid';"],
    ['lists import records', 'src/renderer/src/lists/server-grid.tsx', "import '../records/detail-page';"],
    ['records import an area', 'src/renderer/src/records/detail-page.tsx', "import '../users/users-list';"],
    ['an area of the renderer imports app', 'src/renderer/src/users/fixture.ts', "import '../app/shell';"],
    [
      'the renderer imports electron',
      'src/renderer/src/users/fixture.ts',
      "import { shell } from 'electron';",
    ],
    ['the renderer imports Node', 'src/renderer/src/users/fixture.ts', "import 'node:fs';"],
    ['the desktop host looks past console.ts', 'src/main/electron/ipc.ts', "import '../kernel/log';"],
    ['the desktop host imports an area', 'src/main/electron/ipc.ts', "import '../users/index';"],
    ['the desktop host imports browser mode', 'src/main/electron/ipc.ts', "import '../browser/server';"],
    ['browser mode looks past console.ts', 'src/main/browser/server.ts', "import '../kernel/log';"],
    ['browser mode imports electron', 'src/main/browser/server.ts', "import { app } from 'electron';"],
    ['browser mode’s entry imports electron', 'src/main/browser.ts', "import { app } from 'electron';"],
    ['an area imports electron', 'src/main/users/index.ts', "import { app } from 'electron';"],
    ['an area imports the desktop host', 'src/main/users/index.ts', "import '../electron/ipc';"],
    ['an area imports browser mode', 'src/main/users/index.ts', "import '../browser/server';"],
    ['an area imports the console', 'src/main/users/index.ts', "import '../console';"],
    ['a type is no exception', 'src/main/users/index.ts', "import type { App } from 'electron';"],
    ['a dynamic import is no exception', 'src/main/users/index.ts', "await import('../electron/ipc');"],
    ['the kernel imports files', 'src/main/kernel/log.ts', "import '../files/lock';"],
    ['files import postgres', 'src/main/files/lock.ts', "import '../postgres/errors';"],
    ['postgres imports a workspace', 'src/main/postgres/database.ts', "import '../workspace/profiles';"],
    ['postgres imports an area', 'src/main/postgres/migrate/index.ts', "import '../../users/index';"],
    [
      'the local server imports a workspace',
      'src/main/local-server/index.ts',
      "import '../workspace/session';",
    ],
    [
      'a workspace imports the router',
      'src/main/workspace/connect/find-password.ts',
      "import '../../router/router';",
    ],
    [
      'a workspace imports what is asked of it',
      'src/main/workspace/session.ts',
      "import './calls/edit-handlers';",
    ],
    ['records import an area', 'src/main/records/list-query.ts', "import '../users/index';"],
    ['changes import LiteLLM', 'src/main/changes/write-audit.ts', "import '../litellm/client/client';"],
    [
      'LiteLLM imports an area',
      'src/main/litellm/users/map-user.ts',
      "import type { A } from '../../users/email';",
    ],
    ['an upward type is no exception', 'src/main/kernel/log.ts', "import type { A } from '../users/email';"],
    ['console.ts imports electron', 'src/main/console.ts', "import { app } from 'electron';"],
  ];
  it.each(forbidden)('refuses: %s', async (_what, path, code) => {
    expect(await brokenRules(path, code)).toContain(boundary);
  });

  const allowed: readonly (readonly [string, string, string])[] = [
    ['shared imports zod', 'src/shared/progress.ts', "import * as z from 'zod';"],
    ['the preload imports electron', 'src/preload/index.ts', "import { ipcRenderer } from 'electron';"],
    [
      'the desktop host imports console.ts',
      'src/main/electron/ipc.ts',
      "import type { Console } from '../console';",
    ],
    ['the desktop host imports electron', 'src/main/electron/ipc.ts', "import { ipcMain } from 'electron';"],
    ['an area imports another', 'src/main/users/index.ts', "import '../postgres/database'; import 'pg';"],
    [
      'an area imports what it stands on',
      'src/main/users/index.ts',
      "import '../kernel/console-state'; import '../kernel/jobs';",
    ],
    [
      'a floor imports those below',
      'src/main/litellm/users/map-user.ts',
      "import '../../records/list-query';",
    ],
    [
      'what is asked of a workspace is an area',
      'src/main/workspace/calls/edit-handlers.ts',
      "import '../session';",
    ],
    [
      'an area of the renderer imports what it stands on, and another',
      'src/renderer/src/users/fixture.ts',
      "import '../records/detail-page'; import '../usage/series-label';",
    ],
    ['app imports an area', 'src/renderer/src/app/routes.tsx', "import '../users/users-screen';"],
    ['the entry imports the desktop host', 'src/main/index.ts', "import './electron/run-desktop';"],
    ['main imports shared', 'src/main/users/index.ts', "import '../../shared/errors';"],
  ];
  it.each(allowed)('allows: %s', async (_what, path, code) => {
    expect(await brokenRules(path, code)).toEqual([]);
  });
});

describe('bans', () => {
  const banned: readonly (readonly [string, string, string, string])[] = [
    [
      'raw ipcMain',
      'src/main/electron/quit.ts',
      "import { ipcMain } from 'electron';",
      'no-restricted-imports',
    ],
    [
      'raw ipcRenderer',
      'src/main/electron/ipc.ts',
      "import { ipcRenderer } from 'electron';",
      'no-restricted-imports',
    ],
    [
      'all of electron',
      'src/main/electron/quit.ts',
      "import * as all from 'electron';",
      'no-restricted-imports',
    ],
    ['openExternal', 'src/main/electron/quit.ts', 'shell.openExternal(address);', 'no-restricted-syntax'],
    [
      'openExternal taken apart',
      'src/main/electron/quit.ts',
      'const { openExternal } = shell;',
      'no-restricted-syntax',
    ],
    ['a client of pg’s own', 'src/main/postgres/database.ts', 'new pg.Client();', 'no-restricted-syntax'],
    ['a pool of pg’s own', 'src/main/usage/index.ts', 'new Pool();', 'no-restricted-syntax'],
    [
      'a session of a test without the list of settings',
      'tests/integration/demo.test.ts',
      'new pg.Pool();',
      'no-restricted-syntax',
    ],
    ['one of an end-to-end test', 'tests/e2e/odd-data.spec.ts', 'new pg.Client();', 'no-restricted-syntax'],
    ['one of a script', 'scripts/expected-catalogue.ts', 'new pg.Client();', 'no-restricted-syntax'],
    ['a default export', 'src/shared/progress.ts', 'export default 1;', 'no-restricted-syntax'],
    [
      'a renamed default export',
      'src/shared/progress.ts',
      'const a = 1; export { a as default };',
      'no-restricted-syntax',
    ],
    ['any', 'src/shared/progress.ts', 'export const a: any = 1;', '@typescript-eslint/no-explicit-any'],
    ['!', 'src/shared/progress.ts', 'export const a = [1][0]!;', '@typescript-eslint/no-non-null-assertion'],
    [
      'markup from text',
      'src/renderer/src/users/fixture.tsx',
      '<p dangerouslySetInnerHTML={text} />;',
      'no-restricted-syntax',
    ],
    ['sendSync', 'src/preload/index.ts', "ipcRenderer.sendSync('a');", 'no-restricted-syntax'],
    ['console', 'src/shared/progress.ts', 'console.log(1);', 'no-console'],
    [
      'a hook behind a condition',
      'src/renderer/src/users/fixture.tsx',
      'export function Fixture({ on }: { on: boolean }) { if (on) useState(0); return null; }',
      'react-hooks/rules-of-hooks',
    ],
  ];
  it.each(banned)('refuses %s', async (_what, path, code, rule) => {
    expect(await brokenRules(path, code)).toContain(rule);
  });

  it('allows each where its one place is', async () => {
    expect(
      await brokenRules('src/main/electron/safe-open-external.ts', 'shell.openExternal(a);'),
    ).not.toContain('no-restricted-syntax');
    expect(await brokenRules('vitest.config.ts', 'export default 1;')).toEqual([]);
  });
});
