import { Button, Stack, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChangePreview } from '../../../shared/contract/changes';
import { type UserEdit, userChanges } from '../../../shared/contract/users';
import { formatCount } from '../ui/format';
import { conflictFields } from './conflict-fields';
import { showReview } from './review-store';

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
  const edits = editsOf(preview);
  const count = edits.reduce((sum, { changes }) => sum + Object.keys(changes).length, 0);
  if (count === 0) return null;
  const review = (): void => {
    const seen = new Map(preview.conflicts.map(({ id, now }) => [id, now]));
    const [first] = preview.conflicts;
    showReview({
      request: { kind: 'editedUsers', input: { edits } },
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

/** What nobody changed since, back to what it was: of users who were changed, not made or deleted. */
function editsOf({ action, conflicts }: ChangePreview): UserEdit[] {
  if (!/^USER_UPDATE(?:_UNDO)?$/.test(action)) return [];
  return conflicts.flatMap(({ id, version, expected, ...conflict }) => {
    const fields = conflictFields(conflict, expected ?? {});
    const wanted = fields.flatMap(({ field, kind, wanted: value }) =>
      kind === 'mine' ? [[field, value]] : [],
    );
    const checked = userChanges.safeParse(Object.fromEntries(wanted));
    return checked.success && wanted.length > 0 ? [{ id, version, changes: checked.data }] : [];
  });
}
