import type { ApiKeyChanges, ApiKeyRow } from '../../../shared/contract/api-keys';
import type { Contract, InputOf } from '../../../shared/contract/index';
import { everyModelOfProxy } from '../../../shared/records/api-keys';
import { reviewsOf } from '../review/review-changes';
import { type Review, showReview } from '../review/review-store';

export type ApiKeyTargets = InputOf<Contract['apiKeys']['previewUpdate']>['targets'];

/** The reviews of changing API keys. */
export const { reviewSame: reviewApiKeys } = reviewsOf<ApiKeyTargets, ApiKeyChanges, ApiKeyRow>({
  update: (targets, changes) => ({
    area: 'apiKeys',
    procedure: 'previewUpdate',
    input: { targets, changes },
  }),
  edits: (edits) => ({ area: 'apiKeys', procedure: 'previewEdits', input: { edits } }),
  seenOf: seenOfRow,
});

/** The review of ending keys for good. */
export function reviewRevocation(targets: ApiKeyTargets, rest: Pick<Review, 'title' | 'onDone'>): void {
  showReview({
    request: { area: 'apiKeys', procedure: 'previewRevoke', input: { targets } },
    verb: 'revoke',
    ...rest,
  });
}

/** The review of deleting keys that are ended. */
export function reviewDeletion(targets: ApiKeyTargets, rest: Pick<Review, 'title' | 'onDone'>): void {
  showReview({ request: { area: 'apiKeys', procedure: 'previewDelete', input: { targets } }, ...rest });
}

/** Whether a key may be deleted: it was revoked or blocked before. */
export function isEnded({ state, isActive }: Pick<ApiKeyRow, 'state' | 'isActive'>): boolean {
  return state === 'revoked' || !isActive;
}

/** What a row says of what can be edited. It shows the first models only, which does not say what was there. */
function seenOfRow(row: ApiKeyRow): Readonly<Record<string, unknown>> {
  const { name, alias, isActive, maxBudget, budgetDuration, tpmLimit, rpmLimit, expiresAt, team } = row;
  return {
    ...{ name, litellmKeyAlias: alias, isActive, maxBudget, budgetDuration, tpmLimit, rpmLimit, expiresAt },
    teamId: team?.id ?? null,
    ...(row.allModels && { models: [everyModelOfProxy] }),
  };
}
