import type { Contract, InputOf } from '../../../shared/contract/index';
import type { TeamChanges, TeamRow } from '../../../shared/contract/teams';
import { reviewsOf } from '../review/review-changes';

export type TeamTargets = InputOf<Contract['teams']['previewUpdate']>['targets'];

/** The reviews of changing teams. */
export const { reviewSame: reviewTeams } = reviewsOf<TeamTargets, TeamChanges, TeamRow>({
  update: (targets, changes) => ({ area: 'teams', procedure: 'previewUpdate', input: { targets, changes } }),
  edits: (edits) => ({ area: 'teams', procedure: 'previewEdits', input: { edits } }),
  seenOf: (row) => {
    // A row shows the first models only, and a description without its end and secrets: it does not say what was there.
    const { allowedModels, description, ...fields } = row;
    return row.allModels ? { ...fields, allowedModels: [] } : fields;
  },
});
