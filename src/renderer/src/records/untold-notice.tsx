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

/** On a record's page: what LiteLLM was not told yet, loudly where access was taken away that still works there. */
export function UntoldNotice({ news }: { readonly news: readonly UntoldNews[] }): ReactElement | null {
  const { t } = useTranslation();
  const [oldest] = news;
  if (oldest === undefined) return null;
  const takesAway = news.some((each) => each.takesAway);
  return (
    <Alert severity={takesAway ? 'error' : 'warning'}>
      <strong>{t(takesAway ? 'records.untold.accessTitle' : 'records.untold.waitsTitle')}</strong>{' '}
      {t('records.untold.since')} <Instant value={oldest.since} />. {t('records.untold.help')}
    </Alert>
  );
}
