import { Button, Stack, Table, TableBody, TableCell, TableHead, TableRow, Typography } from '@mui/material';
import { useId, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { type ChangeConflict, type ChangePreview, changeValue } from '../../../shared/contract/changes';
import { formatCount } from '../ui/format';
import { Instant } from '../ui/values';
import { FieldValue, fieldName, shownValue } from './field-values';
import type { Review } from './review-store';

interface ConflictsProps {
  readonly preview: ChangePreview;
  readonly isUndo: boolean;
  /** What the person saw of a record when the change was begun. */
  readonly seen: Review['seen'];
  readonly onTakeOver: Review['onTakeOver'];
}

/** Records that somebody else changed since: what was seen, what is there now, what is wanted, side by side. */
export function Conflicts({ preview, isUndo, seen, onTakeOver }: ConflictsProps): ReactElement | null {
  const { t } = useTranslation();
  if (preview.conflicts.length === 0) return null;
  return (
    <Stack sx={{ gap: 2 }}>
      <Typography variant="h3">{t('review.conflict.title')}</Typography>
      {preview.conflicts.map((conflict) => (
        <Conflict key={conflict.id} conflict={conflict} isUndo={isUndo} seen={seen} onTakeOver={onTakeOver} />
      ))}
      {onTakeOver !== undefined && preview.conflicts.length > 1 && (
        <Button
          variant="outlined"
          sx={{ alignSelf: 'flex-start' }}
          onClick={() => onTakeOver(preview.conflicts)}
        >
          {t('review.conflict.takeOverAll', {
            count: preview.conflicts.length,
            formatted: formatCount(preview.conflicts.length),
          })}
        </Button>
      )}
      {isUndo && <Typography variant="body2">{t('review.conflict.undoHelp')}</Typography>}
    </Stack>
  );
}

function Conflict({
  conflict,
  isUndo,
  seen,
  onTakeOver,
}: Omit<ConflictsProps, 'preview'> & { readonly conflict: ChangeConflict }): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  const { now, wanted, expected, changedBy, changedAt } = conflict;
  const basis = expected ?? seen?.(conflict.id) ?? {};
  const isOther = (field: string): boolean => {
    const before = changeValue.safeParse(basis[field]);
    const there = shownValue(field, now[field] ?? null);
    return before.success && JSON.stringify(shownValue(field, before.data)) !== JSON.stringify(there);
  };
  const fields = Object.keys(now).filter((field) => field in wanted || isOther(field));
  return (
    <Stack sx={{ gap: 1, alignItems: 'flex-start' }}>
      <Typography variant="body2" id={id}>
        <strong>
          <bdi>{conflict.label}</bdi>
        </strong>
        {' · '}
        {changedBy === null ? t('review.conflict.unknown') : t('review.conflict.by', { who: changedBy })}
        {changedAt !== null && <Instant value={changedAt} />}
      </Typography>
      <Table size="small" aria-labelledby={id}>
        <TableHead>
          <TableRow>
            <TableCell>{t('review.field')}</TableCell>
            <TableCell>{t(isUndo ? 'review.conflict.left' : 'review.conflict.seen')}</TableCell>
            <TableCell>{t('review.conflict.now')}</TableCell>
            <TableCell>{t('review.conflict.wanted')}</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {fields.map((field) => {
            const before = changeValue.safeParse(basis[field]);
            return (
              <TableRow key={field}>
                <TableCell component="th" scope="row">
                  {fieldName(t, field)}
                </TableCell>
                <TableCell>{before.success && <FieldValue field={field} value={before.data} />}</TableCell>
                <TableCell>
                  <FieldValue field={field} value={now[field] ?? null} />
                </TableCell>
                <TableCell>
                  {field in wanted && <FieldValue field={field} value={wanted[field] ?? null} />}
                </TableCell>
              </TableRow>
            );
          })}
        </TableBody>
      </Table>
      {onTakeOver !== undefined && (
        <Button variant="outlined" onClick={() => onTakeOver([conflict])}>
          {t('review.conflict.takeOver')}
        </Button>
      )}
    </Stack>
  );
}
