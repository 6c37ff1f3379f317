import { Button, Stack, Table, TableBody, TableCell, TableHead, TableRow, Typography } from '@mui/material';
import { useId, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { OverBudget, UserEdit } from '../../../shared/contract/users';
import { LimitValue } from '../records/limit-value';
import { formatCount } from '../ui/format';
import { Instant } from '../ui/values';
import { visibleName } from '../ui/visible-name';

interface OverBudgetOfferProps {
  readonly over: OverBudget;
  /** Undefined: nothing else can be asked for from here. */
  readonly onTake: ((edits: readonly UserEdit[]) => void) | undefined;
}

/** Who would be over a new budget at once, until when, and the way to begin counting now. */
export function OverBudgetOffer({ over, onTake }: OverBudgetOfferProps): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  const { count, people, countFromNow } = over;
  return (
    <Stack sx={{ gap: 1, alignItems: 'flex-start' }}>
      <Typography variant="h3" id={id}>
        {t('review.overBudget.title')} ({formatCount(count)})
      </Typography>
      <Table size="small" aria-labelledby={id}>
        <TableHead>
          <TableRow>
            <TableCell>{t('review.overBudget.name')}</TableCell>
            <TableCell align="right">{t('review.overBudget.spent')}</TableCell>
            <TableCell align="right">{t('review.overBudget.budget')}</TableCell>
            <TableCell>{t('review.overBudget.resets')}</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {people.map(({ id: person, label, spent, budget, period, resetsAt }) => (
            <TableRow key={person}>
              <TableCell component="th" scope="row">
                <bdi>{visibleName(label)}</bdi>
              </TableCell>
              <TableCell align="right">
                <LimitValue value={spent} unit="money" />
              </TableCell>
              <TableCell align="right">
                <LimitValue value={budget} unit="money" />
              </TableCell>
              <TableCell>
                {resetsAt !== null ? (
                  <Instant value={resetsAt} />
                ) : period === null ? (
                  t('review.overBudget.never')
                ) : (
                  t('review.overBudget.every', { period })
                )}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {count > people.length && (
        <Typography variant="caption" sx={{ color: 'text.secondary' }}>
          {t('review.firstOf', { shown: formatCount(people.length), formatted: formatCount(count) })}
        </Typography>
      )}
      <Typography variant="caption" sx={{ color: 'text.secondary' }}>
        {t('review.overBudget.spentHelp')}
      </Typography>
      {countFromNow === null ? (
        <Typography variant="body2">{t('review.overBudget.tooMany')}</Typography>
      ) : (
        onTake !== undefined && (
          <>
            <Button variant="outlined" onClick={() => onTake(countFromNow)}>
              {t('review.overBudget.countFromNow')}
            </Button>
            <Typography variant="caption" sx={{ color: 'text.secondary' }}>
              {t('review.overBudget.countFromNowHelp')}
            </Typography>
          </>
        )
      )}
    </Stack>
  );
}
