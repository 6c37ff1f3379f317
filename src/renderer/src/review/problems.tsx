import { Alert, Stack, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChangeResult } from '../../../shared/contract/changes';
import { formatCount } from '../ui/format';

/** Which records were not changed, and why. */
export function Problems({ result }: { readonly result: ChangeResult }): ReactElement | null {
  const { t } = useTranslation();
  const { problems, problemCount } = result;
  if (problemCount === 0) return null;
  return (
    <Stack sx={{ gap: 1 }} role="status">
      <Typography variant="h3">
        {t('review.problems')} ({formatCount(problemCount)})
      </Typography>
      {problems.map(({ id, label, outcome, text }) => (
        <Alert key={id} severity="error" sx={{ py: 0 }}>
          <strong>
            <bdi>{label}</bdi>
          </strong>{' '}
          {t(`review.outcome.${outcome}`)}. {text}
        </Alert>
      ))}
    </Stack>
  );
}
