import type { ChangePreview, ChangeResult } from '../../src/shared/contract/changes';

/** What a change of one user would do, with what a test wants of it. */
export const previewOf = (changes: Partial<ChangePreview> = {}): ChangePreview => ({
  plan: '00000000-0000-4000-8000-000000000001',
  action: 'USER_UPDATE',
  grade: 'reversible',
  total: 1,
  toChange: 1,
  unchanged: 0,
  refused: 0,
  gone: 0,
  conflictCount: 0,
  conflicts: [],
  findings: [],
  records: [
    {
      id: 'ana-id',
      label: 'ana',
      way: 'update',
      fields: [{ field: 'maxBudget', before: '100', after: null }],
      parts: [],
    },
  ],
  cascade: [],
  parts: [],
  litellm: null,
  statements: ['UPDATE public.users;'],
  ...changes,
});

/** How that came out. */
export const resultOf = (changes: Partial<ChangeResult> = {}): ChangeResult => ({
  batchId: '00000000-0000-4000-8000-000000000001',
  done: 1,
  unchanged: 0,
  problems: [],
  problemCount: 0,
  waiting: 0,
  ...changes,
});
