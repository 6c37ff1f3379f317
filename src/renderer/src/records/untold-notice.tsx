import { Alert, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Untold, UntoldNews } from '../../../shared/contract/record-parts';
import { Instant } from '../ui/values';

/** Below a record's state in a list: that LiteLLM does not know of it yet. Nothing where it does. */
export function UntoldText({ untold }: { readonly untold: Untold }): ReactElement | null {
  const { t } = useTranslation();
  if (untold === 'none') return null;
  return (
    <Typography
      component="span"
      variant="inherit"
      noWrap
      sx={{ color: 'error.main' }}
      title={t('records.untold.help')}
    >
      {t(`records.untold.${untold}`)}
    </Typography>
  );
}

interface UntoldNoticeProps {
  readonly news: readonly UntoldNews[];
  /** Offers to tell LiteLLM now, where that can be done. */
  readonly sendAgain?: ReactElement;
}

/** On a record's page: what LiteLLM was not told yet, and why; loudly where access was taken that still works there. */
export function UntoldNotice({ news, sendAgain }: UntoldNoticeProps): ReactElement | null {
  const { t } = useTranslation();
  const [oldest] = news;
  if (oldest === undefined) return null;
  const takesAway = news.some((each) => each.takesAway);
  const problems = new Set(news.flatMap(({ problem }) => (problem === null ? [] : [problem])));
  return (
    <Alert severity={takesAway ? 'error' : 'warning'} action={sendAgain}>
      <strong>{t(takesAway ? 'records.untold.accessTitle' : 'records.untold.waitsTitle')}</strong>{' '}
      {t('records.untold.since')} <Instant value={oldest.since} />. {t('records.untold.help')}
      {[...problems].map((problem) => (
        <Typography key={problem} variant="body2" sx={{ mt: 0.5, overflowWrap: 'anywhere' }}>
          {problem}
        </Typography>
      ))}
    </Alert>
  );
}
