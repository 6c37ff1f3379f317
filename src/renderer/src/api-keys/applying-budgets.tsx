import {
  Alert,
  Stack,
  Table,
  TableBody,
  TableCell,
  TableContainer,
  TableHead,
  TableRow,
  Tooltip,
  Typography,
} from '@mui/material';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BudgetLevel } from '../../../shared/contract/api-keys';
import { compareDecimals, isDecimal } from '../../../shared/decimal';
import { useProcedureQuery } from '../api/use-procedure';
import { budgetPeriodLabel } from '../records/budget-period';
import { LimitValue } from '../records/limit-value';
import { RecordLink } from '../records/record-link';
import { formatCount, formatDay, formatMoney } from '../ui/format';
import { Section } from '../ui/section';
import { ErrorState, LoadingLines } from '../ui/states';
import { StatusChip } from '../ui/status-chip';
import { Instant, Money } from '../ui/values';
import { visibleName } from '../ui/visible-name';

const columns = ['level', 'limit', 'spent', 'left', 'period', 'by', 'outlook'] as const;
const areas = { key: 'api-keys', user: 'users', team: 'teams', subscription: 'subscriptions' } as const;

/** Every budget that a key's spend counts towards, what is left of each, and who enforces it. */
export function ApplyingBudgets({ id }: { readonly id: string }): ReactElement {
  const { t } = useTranslation();
  const query = useProcedureQuery('apiKeys', 'budgets', { id });
  return (
    <Section title={t('apiKeys.budgets.title')} description={t('apiKeys.budgets.description')}>
      {query.data !== undefined ? (
        <Levels levels={query.data.levels} />
      ) : query.error !== null ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <LoadingLines lines={4} />
      )}
    </Section>
  );
}

interface LevelsProps {
  readonly levels: readonly BudgetLevel[];
}

function Levels({ levels }: LevelsProps): ReactElement {
  const { t } = useTranslation();
  const strictest = levels.find(({ isStrictest }) => isStrictest);
  const tighter = tighterThan(strictest, levels);
  return (
    <Stack sx={{ gap: 1.5 }}>
      {strictest === undefined && <Alert severity="warning">{t('apiKeys.budgets.none')}</Alert>}
      {tighter !== undefined && (
        <Alert severity="info">
          {t('apiKeys.budgets.tighter', { name: visibleName(tighter.record.label) })}
        </Alert>
      )}
      <TableContainer tabIndex={0} role="region" aria-label={t('apiKeys.budgets.title')}>
        <Table size="small">
          <TableHead>
            <TableRow>
              {columns.map((column) => (
                <TableCell key={column}>{t(`apiKeys.budgets.column.${column}`)}</TableCell>
              ))}
            </TableRow>
          </TableHead>
          <TableBody>
            {levels.map((level) => (
              <LevelRow key={`${level.level} ${level.record.id}`} of={level} />
            ))}
          </TableBody>
        </Table>
      </TableContainer>
    </Stack>
  );
}

/** The budget that LiteLLM does not ask of this key and of which less is left than of the strictest. */
function tighterThan(
  strictest: BudgetLevel | undefined,
  levels: LevelsProps['levels'],
): BudgetLevel | undefined {
  const most = strictest?.left ?? null;
  if (most === null) return undefined;
  return levels.find(
    ({ left, enforcement }) =>
      enforcement !== 'enforced' && left !== null && isDecimal(left) && compareDecimals(left, most) < 0,
  );
}

function LevelRow({ of }: { readonly of: BudgetLevel }): ReactElement {
  const { t } = useTranslation();
  const { level, record, limit, spent, left, isOfUsage, enforcement, isStrictest } = of;
  return (
    <TableRow selected={isStrictest}>
      <TableCell>
        {t(`apiKeys.refused.level.${level}`)} <RecordLink area={areas[level]} reference={record} />
        {isStrictest && (
          <>
            {' '}
            <StatusChip tone="warning" label={t('apiKeys.budgets.strictest')} />
          </>
        )}
      </TableCell>
      <TableCell>
        <LimitValue value={limit} unit="money" />
      </TableCell>
      <TableCell>
        <Money value={spent} />
        <Small>{t(isOfUsage ? 'apiKeys.budgets.spentHere' : 'apiKeys.budgets.spentByLitellm')}</Small>
      </TableCell>
      <TableCell>{left === null ? t('records.limit.unlimited') : <Money value={left} />}</TableCell>
      <TableCell>
        <Counted of={of} />
      </TableCell>
      <TableCell>{t(`apiKeys.budgets.enforcement.${enforcement}`)}</TableCell>
      <TableCell>
        <Outlook of={of} />
      </TableCell>
    </TableRow>
  );
}

function Small({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <Typography variant="caption" component="div" sx={{ color: 'text.secondary' }}>
      {children}
    </Typography>
  );
}

/** The period with its dates, as far as they are known. */
function Counted({ of: { period, startedAt, endsAt, isOfUsage } }: { readonly of: BudgetLevel }): ReactNode {
  const { t } = useTranslation();
  // What is summed here has no period without its beginning.
  if (period === null || period === 'lifetime' || (isOfUsage && startedAt === null)) {
    return t('apiKeys.budgets.lifetime');
  }
  return (
    <>
      {budgetPeriodLabel(t, period)}
      {startedAt !== null && (
        <Small>
          {t('apiKeys.budgets.since')} <Instant value={startedAt} />
        </Small>
      )}
      {endsAt !== null && (
        <Small>
          {t('apiKeys.budgets.until')} <Instant value={endsAt} />
        </Small>
      )}
    </>
  );
}

/** What happens at this rate; the tooltip says the rate, its band and the days between which it is. */
function Outlook({ of: { limit, outlook, forecast, endsAt } }: { readonly of: BudgetLevel }): ReactNode {
  const { t } = useTranslation();
  if (limit === null) return t('apiKeys.budgets.outlook.unlimited');
  if (outlook === 'over') return <StatusChip tone="error" label={t('apiKeys.budgets.outlook.over')} />;
  if (forecast === null) {
    return <Explained text={t('apiKeys.budgets.outlook.unknown')} why={t('apiKeys.budgets.unknownHelp')} />;
  }
  const day = (value: string | null): string =>
    value === null ? t('apiKeys.budgets.noEnd') : formatDay(value);
  const text =
    outlook === 'will_be_over'
      ? t('apiKeys.budgets.outlook.will_be_over', { day: day(forecast.likely) })
      : outlook === 'may_be_over'
        ? t('apiKeys.budgets.outlook.may_be_over', { day: day(forecast.earliest) })
        : t(endsAt === null ? 'apiKeys.budgets.outlook.never' : 'apiKeys.budgets.outlook.within');
  const why = t('apiKeys.budgets.band', {
    count: forecast.days,
    formatted: formatCount(forecast.days),
    perDay: formatMoney(forecast.perDay),
    band: formatMoney(forecast.band),
    earliest: day(forecast.earliest),
    latest: day(forecast.latest),
  });
  return <Explained text={text} why={why} />;
}

/** Reached by keyboard too, and read out with its reason. */
function Explained({ text, why }: { readonly text: string; readonly why: string }): ReactElement {
  return (
    <Tooltip title={why} describeChild>
      <span tabIndex={0}>{text}</span>
    </Tooltip>
  );
}
