import { Button, Stack, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChangePreview } from '../../../shared/contract/changes';
import { teamChanges, type TeamEdit } from '../../../shared/contract/teams';
import { type UserEdit, userChanges } from '../../../shared/contract/users';
import { formatCount } from '../ui/format';
import { conflictFields } from './conflict-fields';
import { type ReviewRequest, showReview } from './review-store';

interface PutOthersBackProps {
  readonly preview: ChangePreview;
  readonly onTaken: () => void;
}

/**
 * Where an undo is refused because of some fields: the others can be put back by a change of their own. It is no undo,
 * which would use up the one that is refused.
 */
export function PutOthersBack({ preview, onTaken }: PutOthersBackProps): ReactElement | null {
  const { t } = useTranslation();
  const request = requestOf(preview);
  if (request === null) return null;
  const { edits } = request.input;
  const count = edits.reduce((sum, { changes }) => sum + Object.keys(changes).length, 0);
  const review = (): void => {
    const seen = new Map(preview.conflicts.map(({ id, now }) => [id, now]));
    const [first] = preview.conflicts;
    showReview({
      request,
      title: t('review.conflict.othersTitle', {
        count: edits.length,
        formatted: formatCount(edits.length),
        name: first?.label ?? '',
      }),
      seen: (id) => seen.get(id),
    });
    onTaken();
  };
  return (
    <Stack sx={{ gap: 0.5, alignItems: 'flex-start' }}>
      <Button variant="outlined" onClick={review}>
        {t('review.conflict.others', { count, formatted: formatCount(count) })}
      </Button>
      <Typography variant="caption" sx={{ color: 'text.secondary' }}>
        {t('review.conflict.othersHelp')}
      </Typography>
    </Stack>
  );
}

type EditsRequest = Extract<ReviewRequest, { procedure: 'previewEdits' }>;

/** What nobody changed since, back to what it was: of records that were changed, not made or deleted. */
function requestOf({ action, conflicts }: ChangePreview): EditsRequest | null {
  const wanted = conflicts.flatMap(({ id, version, expected, ...conflict }) => {
    const fields = conflictFields(conflict, expected ?? {}).filter(({ kind }) => kind === 'mine');
    const back = Object.fromEntries(fields.map(({ field, wanted: value }) => [field, value]));
    return fields.length === 0 ? [] : [{ id, version, back }];
  });
  if (/^USER_UPDATE(?:_UNDO)?$/.test(action)) {
    const edits = wanted.flatMap(({ id, version, back }): UserEdit[] => {
      const checked = userChanges.safeParse(back);
      return checked.success ? [{ id, version, changes: checked.data }] : [];
    });
    return edits.length === 0 ? null : { area: 'users', procedure: 'previewEdits', input: { edits } };
  }
  if (/^TEAM_UPDATE(?:_UNDO)?$/.test(action)) {
    const edits = wanted.flatMap(({ id, version, back }): TeamEdit[] => {
      const models = back['allowedModels'];
      const isAll = Array.isArray(models) && models.length === 0;
      const checked = teamChanges.safeParse({ ...back, ...(isAll ? { allowedModels: 'all' } : {}) });
      return checked.success ? [{ id, version, changes: checked.data }] : [];
    });
    return edits.length === 0 ? null : { area: 'teams', procedure: 'previewEdits', input: { edits } };
  }
  return null;
}
