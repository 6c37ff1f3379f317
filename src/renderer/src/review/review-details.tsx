import {
  Alert,
  Box,
  Stack,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableRow,
  Typography,
} from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChangeFinding, ChangePreview, FieldChange } from '../../../shared/contract/changes';
import { RecordLink } from '../records/record-link';
import { formatCount } from '../ui/format';
import { SqlText } from '../ui/sql-text';
import { FieldValue, fieldName } from './field-values';

/** How many records change, what speaks for and against it, what changes in each, and what follows. */
export function ReviewDetails({
  preview,
  onLeave,
}: {
  readonly preview: ChangePreview;
  /** A link out of the review was followed. */
  readonly onLeave: () => void;
}): ReactElement {
  const { t } = useTranslation();
  const isDeletion = preview.records[0]?.way === 'delete';
  return (
    <>
      <Counts preview={preview} />
      {preview.findings.map((finding) => (
        <Finding
          key={`${finding.severity} ${finding.text}`}
          finding={finding}
          isAlone={preview.total === 1}
          onLeave={onLeave}
        />
      ))}
      {/* What goes along says more of a deletion than the fields of what is deleted. */}
      {isDeletion && <Consequences preview={preview} />}
      <Records preview={preview} />
      {!isDeletion && <Consequences preview={preview} />}
      {preview.statements.length > 0 && (
        <Box component="details">
          <Box component="summary" sx={{ cursor: 'pointer', mb: 1 }}>
            {t('review.statements')}
          </Box>
          <SqlText
            label={t('review.statements')}
            fullLabel={t('review.statements')}
            sql={preview.statements.join('\n')}
          />
        </Box>
      )}
    </>
  );
}

const countNames = { create: 'toCreate', update: 'toChange', delete: 'toDelete' } as const;

function Counts({ preview }: { readonly preview: ChangePreview }): ReactElement {
  const { t } = useTranslation();
  const { total, toChange, unchanged, refused, gone, conflictCount, records } = preview;
  const counts = [
    [countNames[records[0]?.way ?? 'update'], toChange],
    ['unchanged', unchanged],
    ['refused', refused],
    ['gone', gone],
    ['conflicts', conflictCount],
  ] as const;
  const isPlain = total === 1 && toChange === 1;
  const told = counts.filter(([, count]) => count > 0);
  return (
    <>
      {toChange === 0 && conflictCount === 0 && <Alert severity="info">{t('review.nothing')}</Alert>}
      {!isPlain && told.length > 0 && (
        <Typography variant="body2">
          {told
            .map(([name, count]) => t(`review.counts.${name}`, { count, formatted: formatCount(count) }))
            .join(' ')}
        </Typography>
      )}
    </>
  );
}

function Finding({
  finding,
  isAlone,
  onLeave,
}: {
  readonly finding: ChangeFinding;
  readonly isAlone: boolean;
  readonly onLeave: () => void;
}): ReactElement {
  const { t } = useTranslation();
  const { severity, text, count, examples, area } = finding;
  const names = examples.map(({ label }) => label);
  if (area !== undefined) {
    return (
      <Alert severity={severity}>
        {t('review.findingOf', { count, formatted: formatCount(count), text })}
        <Stack direction="row" useFlexGap onClickCapture={onLeave} sx={{ flexWrap: 'wrap', columnGap: 2 }}>
          {examples.map((example) => (
            <RecordLink key={example.id} area={area} reference={example} />
          ))}
          {count > examples.length && '…'}
        </Stack>
      </Alert>
    );
  }
  return (
    <Alert severity={severity}>
      {isAlone || count === 0
        ? text
        : t('review.findingCount', {
            count,
            formatted: formatCount(count),
            text,
            names: [...names, ...(count > names.length ? ['…'] : [])].join(', '),
          })}
    </Alert>
  );
}

function Records({
  preview: { records, toChange },
}: {
  readonly preview: ChangePreview;
}): ReactElement | null {
  const { t } = useTranslation();
  if (records.length === 0) return null;
  const isAlone = records.length === 1 && toChange === 1;
  return (
    <Box sx={{ overflowX: 'auto' }} role="region" tabIndex={0} aria-label={t('review.changes')}>
      <Table size="small">
        <TableHead>
          <TableRow>
            {!isAlone && <TableCell>{t('review.changes')}</TableCell>}
            <TableCell>{t('review.field')}</TableCell>
            <TableCell>{t('review.before')}</TableCell>
            <TableCell>{t('review.after')}</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {records.flatMap(({ id, label, way, fields }) =>
            fields.filter(isReadable).map(({ field, before, after }, index) => (
              <TableRow key={`${id} ${field}`}>
                {!isAlone && <TableCell>{index === 0 && <bdi>{label}</bdi>}</TableCell>}
                <TableCell component="th" scope="row">
                  {fieldName(t, field)}
                </TableCell>
                <TableCell sx={{ color: 'text.secondary' }}>
                  {way !== 'create' && <FieldValue field={field} value={before} />}
                </TableCell>
                <TableCell sx={{ fontWeight: 600 }}>
                  {way !== 'delete' && <FieldValue field={field} value={after} />}
                </TableCell>
              </TableRow>
            )),
          )}
        </TableBody>
      </Table>
      {toChange > records.length && (
        <Typography variant="caption" sx={{ color: 'text.secondary' }}>
          {t('review.firstOf', { shown: formatCount(records.length), formatted: formatCount(toChange) })}
        </Typography>
      )}
    </Box>
  );
}

/** Ids of other records, and what every price has, say nothing to a person. */
const unreadable = ['teamId', 'userId', 'currency', 'source'];

function isReadable({ field }: FieldChange): boolean {
  return !unreadable.includes(field);
}

function Consequences({
  preview: { parts, cascade, litellm },
}: {
  readonly preview: ChangePreview;
}): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      {cascade.length > 0 && <Cascade cascade={cascade} />}
      {parts.length > 0 && (
        <Box component="ul" sx={{ m: 0, pl: 2.5, typography: 'body2' }}>
          {parts.map(({ kind, way, count }) => (
            <li key={`${kind} ${way}`}>
              {t(`review.parts.${kind}.${way}` as 'review.parts.api_key.update', {
                count,
                formatted: formatCount(count),
                defaultValue: `${kind}: ${formatCount(count)}`,
              })}
            </li>
          ))}
        </Box>
      )}
      {litellm !== null && litellm.waiting > 0 && (
        <Alert severity={litellm.takesAway > 0 ? 'error' : 'warning'}>
          {t('review.litellm.waits', { count: litellm.waiting, formatted: formatCount(litellm.waiting) })}
          {litellm.takesAway > 0 &&
            ` ${t('review.litellm.access', { count: litellm.takesAway, formatted: formatCount(litellm.takesAway) })}`}
        </Alert>
      )}
    </>
  );
}

/** What the foreign keys take along, or blank, by table. */
function Cascade({ cascade }: Pick<ChangePreview, 'cascade'>): ReactElement {
  const { t } = useTranslation();
  return (
    <Table size="small" aria-label={t('review.cascade.title')}>
      <TableHead>
        <TableRow>
          <TableCell>{t('review.cascade.title')}</TableCell>
          <TableCell>{t('review.cascade.fate')}</TableCell>
          <TableCell align="right">{t('review.cascade.rows')}</TableCell>
        </TableRow>
      </TableHead>
      <TableBody>
        {cascade.map(({ table, fate, rows }) => (
          <TableRow key={`${fate} ${table}`}>
            <TableCell component="th" scope="row" sx={{ overflowWrap: 'anywhere' }}>
              <bdi>{table}</bdi>
            </TableCell>
            <TableCell>
              {t(
                table === 'public.usage_logs' && fate === 'deleted'
                  ? 'review.cascade.archived'
                  : `review.cascade.${fate}`,
              )}
            </TableCell>
            <TableCell align="right">{formatCount(rows)}</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
