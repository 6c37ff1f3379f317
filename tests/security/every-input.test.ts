import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Console, createConsole } from '../../src/main/console';
import { procedureNames } from '../../src/shared/contract/names';

/** Every procedure with inputs of the wrong kind: refused by the contract before anything else happens. */
let console_: Console;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'litemaas-inputs-'));
  console_ = await createConsole({
    host: 'browser',
    version: 'inputs',
    migrationsFolder: 'migrations',
    demoFolder: 'src/main/demo/data',
    environment: { LITEMAAS_DATA_DIR: folder },
    checkOutputs: true,
  });
});
afterAll(async () => {
  await console_.close();
  await rm(folder, { recursive: true, force: true });
});

const deep: unknown = JSON.parse(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`);
const wrong: readonly (readonly [string, unknown])[] = [
  ['a number', 7],
  ['a text', 'x'],
  ['a list', []],
  ['true', true],
  ['an unknown field', { nobodyKnowsThis: 1 }],
  ['a field named __proto__', JSON.parse('{"__proto__": {"admin": true}}')],
  ['a field named constructor', { constructor: { name: 'x' } }],
  ['500 levels', deep],
];
const names = Object.entries(procedureNames).flatMap(([area, procedures]) =>
  Object.keys(procedures).map((procedure) => [area, procedure] as const),
);

describe('a wrong input', () => {
  it.each(names)('of %s.%s is refused as such', async (area, procedure) => {
    for (const [what, input] of wrong) {
      const answer = await console_.call(
        { area, procedure, input },
        {
          signal: AbortSignal.timeout(10_000),
          deliverFile: () => Promise.reject(new Error('No file should be made of this')),
        },
      );
      expect(answer, what).toMatchObject({ ok: false, error: { code: 'validation' } });
    }
  });
});
