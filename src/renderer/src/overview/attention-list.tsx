import CheckIcon from '@mui/icons-material/CheckCircleOutlined';
import ErrorIcon from '@mui/icons-material/ErrorOutlined';
import InfoIcon from '@mui/icons-material/InfoOutlined';
import WarningIcon from '@mui/icons-material/WarningAmberOutlined';
import { Box, Link, Stack, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link as RouterLink } from 'react-router';
import type { AttentionItem } from '../../../shared/contract/overview';
import { useProcedureQuery } from '../api/use-procedure';
import { formatCount } from '../ui/format';
import { Section } from '../ui/section';
import { EmptyState, ErrorState, LoadingLines } from '../ui/states';
import { attentionPath } from './attention-path';

const icons = { error: ErrorIcon, warning: WarningIcon, info: InfoIcon };

/** What an administrator should look at, each with the way to it. */
export function AttentionList(): ReactElement {
  const { t } = useTranslation();
  const query = useProcedureQuery('overview', 'attention', {});
  return (
    <Section title={t('overview.attention.title')}>
      {query.error !== null && query.data === undefined ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data === undefined ? (
        <LoadingLines lines={5} />
      ) : query.data.items.length === 0 ? (
        <EmptyState icon={<CheckIcon />} title={t('overview.attention.nothing')} />
      ) : (
        <Stack component="ul" sx={{ m: 0, p: 0, listStyle: 'none', gap: 1.25 }}>
          {query.data.items.map((item) => (
            <Attention key={`${item.kind} ${item.of}`} item={item} />
          ))}
        </Stack>
      )}
    </Section>
  );
}

function Attention({ item }: { readonly item: AttentionItem }): ReactElement {
  const { t } = useTranslation();
  const Icon = icons[item.severity];
  return (
    <Stack component="li" direction="row" sx={{ gap: 1.25, alignItems: 'flex-start' }}>
      <Icon
        titleAccess={t(`overview.attention.severity.${item.severity}`)}
        sx={({ vars }) => ({ fontSize: 19, mt: '2px', color: vars?.palette.console.tone[item.severity].ink })}
      />
      <Box sx={{ minWidth: 0 }}>
        <Link component={RouterLink} to={attentionPath(item)} variant="body2" sx={{ fontWeight: 550 }}>
          {item.of !== undefined && `${t(`app.navigation.${item.of}`)}: `}
          {t(`overview.attention.kinds.${item.kind}`, {
            count: item.count,
            formatted: formatCount(item.count),
          })}
        </Link>
        <Typography variant="caption" component="p" sx={{ color: 'text.secondary' }}>
          {t(`overview.attention.why.${item.kind}`)}
        </Typography>
      </Box>
    </Stack>
  );
}
