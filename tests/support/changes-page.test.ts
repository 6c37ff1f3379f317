import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { changesPage } from './changes-page';

const page = fileURLToPath(new URL('../../docs/changes.md', import.meta.url));

describe('docs/changes.md', () => {
  it('is what the definitions say: `npx vitest run --project unit tests/support/changes-page.test.ts -u` writes it', async () => {
    const options = (await resolveConfig(page)) ?? {};
    await expect(await format(changesPage(), { ...options, parser: 'markdown' })).toMatchFileSnapshot(page);
  });
});
