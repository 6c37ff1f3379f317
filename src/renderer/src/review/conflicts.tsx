import {
  Button,
  FormControlLabel,
  Radio,
  Stack,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableRow,
  Typography,
} from '@mui/material';
import { useId, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChangeConflict, ChangePreview, ChangeValue } from '../../../shared/contract/changes';
import { formatCount } from '../ui/format';
import { Instant } from '../ui/values';
import { type ConflictField, conflictFields } from './conflict-fields';
import { FieldValue, fieldName } from './field-values';
import type { ResolvedConflict, Review } from './review-store';

type Side = 'mine' | 'theirs';
/** What was decided, by record as it is now and field: what changed again is asked again. */
type Choices = Readonly<Record<string, Readonly<Record<string, Side>>>>;

interface ConflictsProps {
  readonly preview: ChangePreview;
  readonly isUndo: boolean;
  /** What the person saw of a record when the change was begun. */
  readonly seen: Review['seen'];
  readonly onResolve: Review['onResolve'];
  /** Asks the same of them as they are now, where a change has no fields to choose between. */
  readonly onTakeNow?: (() => void) | undefined;
}

/**
 * Records that somebody else changed since: what was seen, what is there now, what is wanted, side by side, and for each
 * field that both changed the choice between them.
 */
export function Conflicts(props: ConflictsProps): ReactElement | null {
  const { preview, isUndo, seen, onResolve, onTakeNow } = props;
  const { t } = useTranslation();
  const [choices, setChoices] = useState<Choices>({});
  const { conflicts } = preview;
  if (conflicts.length === 0) return null;
  const all = conflicts.map((conflict) => ({
    conflict,
    fields: conflictFields(conflict, conflict.expected ?? seen?.(conflict.id) ?? {}),
  }));
  const contested = all.flatMap(({ fields }) => fields.filter(({ kind }) => kind === 'contested'));
  const chooseAll = (side: Side): void =>
    setChoices(
      Object.fromEntries(
        all.map(({ conflict, fields }) => [
          stateOf(conflict),
          Object.fromEntries(fields.map(({ field }) => [field, side])),
        ]),
      ),
    );
  const resolved = all.map((each) => resolvedOf(each, choices));
  const decided = resolved.filter((each) => each !== null);
  return (
    <Stack sx={{ gap: 2 }}>
      <Typography variant="h3">{t('review.conflict.title')}</Typography>
      {onResolve !== undefined && contested.length > 0 && (
        <Typography variant="body2">{t('review.conflict.help')}</Typography>
      )}
      {onResolve !== undefined && contested.length > 1 && (
        <Stack direction="row" sx={{ gap: 1, flexWrap: 'wrap' }}>
          {(['mine', 'theirs'] as const).map((side) => (
            <Button key={side} size="small" onClick={() => chooseAll(side)}>
              {t(side === 'mine' ? 'review.conflict.allMine' : 'review.conflict.allTheirs')}
            </Button>
          ))}
        </Stack>
      )}
      {all.map(({ conflict, fields }, index) => (
        <Conflict
          key={conflict.id}
          conflict={conflict}
          fields={fields}
          isUndo={isUndo}
          choices={onResolve === undefined ? undefined : (choices[stateOf(conflict)] ?? {})}
          onChoose={(field, side) => {
            const state = stateOf(conflict);
            setChoices({ ...choices, [state]: { ...choices[state], [field]: side } });
          }}
          resolved={resolved[index] ?? null}
          onResolve={onResolve}
        />
      ))}
      {onResolve !== undefined && conflicts.length > 1 && (
        <Button
          variant="outlined"
          sx={{ alignSelf: 'flex-start' }}
          disabled={decided.length < conflicts.length}
          onClick={() => onResolve(decided)}
        >
          {t('review.conflict.goOnAll', {
            count: conflicts.length,
            formatted: formatCount(conflicts.length),
          })}
        </Button>
      )}
      {onTakeNow !== undefined && (
        <Button variant="outlined" sx={{ alignSelf: 'flex-start' }} onClick={onTakeNow}>
          {conflicts.length === 1
            ? t('review.conflict.goOn')
            : t('review.conflict.goOnAll', {
                count: conflicts.length,
                formatted: formatCount(conflicts.length),
              })}
        </Button>
      )}
      {isUndo && <Typography variant="body2">{t('review.conflict.undoHelp')}</Typography>}
    </Stack>
  );
}

const stateOf = ({ id, version }: ChangeConflict): string => `${id} ${version}`;

/** What is kept of a change; null while something of it is to be decided. */
function resolvedOf(
  { conflict, fields }: { readonly conflict: ChangeConflict; readonly fields: readonly ConflictField[] },
  choices: Choices,
): ResolvedConflict | null {
  const chosen = choices[stateOf(conflict)] ?? {};
  if (fields.some(({ field, kind }) => kind === 'contested' && chosen[field] === undefined)) return null;
  const kept = fields
    .filter(({ field, kind }) => kind === 'mine' || (kind === 'contested' && chosen[field] === 'mine'))
    .map(({ field }) => field);
  return { conflict, kept };
}

interface ConflictProps {
  readonly conflict: ChangeConflict;
  readonly fields: readonly ConflictField[];
  readonly isUndo: boolean;
  /** Undefined: there is nothing to choose here. */
  readonly choices: Choices[string] | undefined;
  readonly onChoose: (field: string, side: Side) => void;
  readonly resolved: ResolvedConflict | null;
  readonly onResolve: Review['onResolve'];
}

function Conflict(props: ConflictProps): ReactElement {
  const { conflict, fields, isUndo, choices, onChoose, resolved, onResolve } = props;
  const { t } = useTranslation();
  const id = useId();
  const { changedBy, changedAt } = conflict;
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
      {fields.length === 0 ? (
        <Typography variant="body2">{t('review.conflict.otherFields')}</Typography>
      ) : (
        <Table size="small" aria-labelledby={id}>
          <TableHead>
            <TableRow>
              <TableCell>{t('review.field')}</TableCell>
              <TableCell>{t(isUndo ? 'review.conflict.left' : 'review.conflict.seen')}</TableCell>
              <TableCell>{t('review.conflict.now')}</TableCell>
              <TableCell>{t(isUndo ? 'review.conflict.back' : 'review.conflict.wanted')}</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {fields.map((each) => (
              <FieldRow
                key={each.field}
                each={each}
                group={`${id} ${each.field}`}
                isUndo={isUndo}
                chosen={choices?.[each.field]}
                onChoose={choices === undefined ? undefined : (side) => onChoose(each.field, side)}
              />
            ))}
          </TableBody>
        </Table>
      )}
      {onResolve !== undefined && (
        <Button
          variant="outlined"
          disabled={resolved === null}
          onClick={() => resolved !== null && onResolve([resolved])}
        >
          {t('review.conflict.goOn')}
        </Button>
      )}
    </Stack>
  );
}

interface FieldRowProps {
  readonly each: ConflictField;
  /** Ties the two choices of a field together. */
  readonly group: string;
  readonly isUndo: boolean;
  readonly chosen: Side | undefined;
  readonly onChoose: ((side: Side) => void) | undefined;
}

function FieldRow({ each, group, isUndo, chosen, onChoose }: FieldRowProps): ReactElement {
  const { t } = useTranslation();
  const { field, before, now, wanted, kind } = each;
  const name = fieldName(t, field);
  const shown = (value: ChangeValue, side: Side): ReactElement =>
    kind === 'contested' && onChoose !== undefined ? (
      <FormControlLabel
        control={
          <Radio
            size="small"
            name={group}
            checked={chosen === side}
            onChange={() => onChoose(side)}
            slotProps={{
              input: {
                'aria-label': t(side === 'mine' ? 'review.conflict.keepMine' : 'review.conflict.takeTheirs', {
                  field: name,
                }),
              },
            }}
            sx={{ py: 0.25 }}
          />
        }
        label={<FieldValue field={field} value={value} />}
        slotProps={{ typography: { variant: 'body2' } }}
      />
    ) : (
      <FieldValue field={field} value={value} />
    );
  const isStale = isUndo && kind === 'contested';
  return (
    <TableRow>
      <TableCell component="th" scope="row">
        {name}
        {isStale && <Remark text={t('review.conflict.stale')} />}
      </TableCell>
      <TableCell sx={{ color: 'text.secondary' }}>
        {before !== undefined && <FieldValue field={field} value={before} />}
      </TableCell>
      <TableCell sx={{ fontWeight: kind === 'theirs' || isStale ? 600 : 400 }}>
        {shown(now, 'theirs')}
      </TableCell>
      <TableCell sx={{ fontWeight: kind === 'mine' ? 600 : 400 }}>
        {wanted !== undefined && shown(wanted, 'mine')}
        {kind === 'theirs' && !isUndo && <Remark text={t('review.conflict.taken')} />}
        {kind === 'same' && <Remark text={t('review.conflict.same')} />}
      </TableCell>
    </TableRow>
  );
}

function Remark({ text }: { readonly text: string }): ReactElement {
  return (
    <Typography variant="caption" component="span" sx={{ display: 'block', color: 'text.secondary' }}>
      {text}
    </Typography>
  );
}
