import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longTests, testFiles } from '../../scripts/long-tests.mjs';

const suites = ['unit', 'integration', 'security', 'end to end'] as const;
const repository = (path: string): string => new URL(`../../${path}`, import.meta.url).pathname;

describe('the tests of the long suite', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'litemaas-long-'));
    const files = {
      'tests/support/long-runs.ts': 'export const isLong = true;',
      'tests/integration/a/asks.test.ts': `import { isLong } from '../../support/long-runs';`,
      'tests/integration/a/through.test.ts': `import { x } from './helper';`,
      'tests/integration/a/helper/index.ts': `export * from '../more';`,
      'tests/integration/a/more.ts': `import './helper';\nimport { isLong } from '../../support/long-runs';`,
      'tests/integration/a/circle.test.ts': `import './b';`,
      'tests/integration/a/b.ts': `import './c';`,
      'tests/integration/a/c.ts': `import './b';`,
      'tests/integration/a/property.test.ts': `import fc from 'fast-check';`,
      'tests/integration/a/later.test.ts': `const { isLong } = await import('../../support/long-runs');`,
      'tests/integration/a/other.test.ts': `// long-runs, fast-check\nimport { it } from 'vitest';`,
      'tests/e2e/asks.spec.ts': `import { isLong } from '../support/long-runs';`,
      'tests/e2e/steps.ts': `import { isLong } from '../support/long-runs';`,
      'src/renderer/page.test.tsx': `import fc from 'fast-check';`,
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('are those that ask whether it runs, directly or through other files, or have properties', () => {
    expect(longTests('integration', root)).toEqual(
      ['asks', 'later', 'property', 'through'].map((name) => `tests/integration/a/${name}.test.ts`),
    );
    expect(longTests('end to end', root)).toEqual(['tests/e2e/asks.spec.ts']);
    expect(longTests('unit', root)).toEqual(['src/renderer/page.test.tsx']);
    expect(longTests('security', root)).toEqual([]);
  });

  it('are all that name what makes them longer', () => {
    for (const suite of suites) {
      const naming = testFiles(suite).filter((file) =>
        /support\/long-runs'|'\.\/long-runs'|'fast-check'/.test(
          readFileSync(repository(file), 'utf8').replaceAll(/^.*`.*$/gm, ''),
        ),
      );
      expect(longTests(suite)).toEqual(expect.arrayContaining(naming));
    }
  });

  it('learn it in one place, where it is seen who asks', () => {
    const files = ['src', 'tests'].flatMap((folder) =>
      readdirSync(repository(folder), { recursive: true, encoding: 'utf8' }).map(
        (path) => `${folder}/${path}`,
      ),
    );
    const reading = files.filter(
      (path) =>
        /\.tsx?$/.test(path) && /env(?:\.|\[')LITEMAAS_LONG/.test(readFileSync(repository(path), 'utf8')),
    );
    expect(reading).toEqual(['tests/support/long-runs.ts']);
  });
});
