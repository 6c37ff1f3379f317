import { expect, it } from 'vitest';
import * as z from 'zod';
import { changeTargets, recordVersion } from './changes';

const version = '0'.repeat(32);
const id = '00000000-0000-4000-8000-00000000000a';
const selected = (...ids: string[]) => ({ selected: ids.map((each) => ({ id: each, version })) });

it('takes each record once, however its id is spelled', () => {
  const targets = changeTargets(z.strictObject({}));
  expect(targets.safeParse(selected(id)).success).toBe(true);
  expect(targets.safeParse(selected(id, id)).success).toBe(false);
  expect(targets.safeParse(selected(id, id.toUpperCase())).success).toBe(false);
});

it('tells ids that are texts apart by upper and lower case', () => {
  const targets = changeTargets(
    z.strictObject({}),
    z.strictObject({ id: z.string(), version: recordVersion }),
  );
  expect(targets.safeParse(selected('gpt', 'GPT')).success).toBe(true);
  expect(targets.safeParse(selected('gpt', 'gpt')).success).toBe(false);
});
