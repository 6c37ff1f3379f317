import { Stack, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { useProcedureQuery } from '../api/use-procedure';
import { QuotaBar } from '../records/quota-bar';
import { RecordLink } from '../records/record-link';
import { Section } from '../ui/section';
import { formatCount } from '../ui/format';
import { EmptyState, ErrorState, LoadingLines } from '../ui/states';

type Team = Pick<AnswerOf<Contract['teams']['get']>, 'id' | 'maxBudget'>;
type Spend = AnswerOf<Contract['teams']['spend']>;

/** What the team's members spend in it, each against the team's budget. */
export function TeamSpend({ team }: { readonly team: Team }): ReactElement {
  const { t } = useTranslation();
  const query = useProcedureQuery('teams', 'spend', { id: team.id });
  return (
    <Section title={t('teams.spend.title')} description={t('teams.spend.description')}>
      {query.data !== undefined ? (
        <Spenders spend={query.data} budget={team.maxBudget} />
      ) : query.error !== null ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <LoadingLines lines={4} />
      )}
    </Section>
  );
}

function Spenders({
  spend,
  budget,
}: {
  readonly spend: Spend;
  readonly budget: string | null;
}): ReactElement {
  const { t } = useTranslation();
  const { total, members, others, left } = spend;
  if (total === '0') return <EmptyState title={t('teams.spend.nothing')} />;
  return (
    <Stack sx={{ gap: 2 }}>
      <QuotaBar label={t('teams.spend.all')} used={total} limit={budget} unit="money" />
      <Stack component="ul" sx={{ gap: 1.25, m: 0, p: 0, listStyle: 'none' }}>
        {members.map(({ user, spent }) => (
          <li key={user.id}>
            <RecordLink area="users" reference={user} />
            <QuotaBar label={user.label} used={spent} limit={budget} unit="money" dense />
          </li>
        ))}
        {others.count > 0 && (
          <li>
            <Typography variant="body2">
              {t('teams.spend.others', { count: others.count, formatted: formatCount(others.count) })}
            </Typography>
            <QuotaBar
              label={t('teams.spend.othersLabel')}
              used={others.spent}
              limit={budget}
              unit="money"
              dense
            />
          </li>
        )}
        {left !== null && (
          <li>
            <Typography variant="body2">{t('teams.spend.left')}</Typography>
            <QuotaBar label={t('teams.spend.left')} used={left} limit={budget} unit="money" dense />
          </li>
        )}
      </Stack>
    </Stack>
  );
}
