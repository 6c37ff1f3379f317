import { Box } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiKeyRow } from '../../../shared/contract/api-keys';
import type { SubscriptionStatus } from '../../../shared/records/subscriptions';
import type { ToneName } from './theme';

/** A state as a word on a quiet ground; the colour only repeats what the word says. */
export function StatusChip({
  tone,
  label,
}: {
  readonly tone: ToneName;
  readonly label: string;
}): ReactElement {
  return (
    <Box
      component="span"
      sx={({ vars }) => ({
        display: 'inline-flex',
        alignItems: 'center',
        gap: 0.75,
        px: 1,
        borderRadius: 1,
        fontSize: '0.78125rem',
        fontWeight: 600,
        lineHeight: '1.375rem',
        whiteSpace: 'nowrap',
        verticalAlign: 'middle',
        color: vars?.palette.console.tone[tone].ink,
        backgroundColor: vars?.palette.console.tone[tone].ground,
        '&::before': {
          content: '""',
          flex: 'none',
          width: 6,
          height: 6,
          borderRadius: '50%',
          backgroundColor: 'currentColor',
        },
      })}
    >
      {label}
    </Box>
  );
}

const subscriptionTones: Record<SubscriptionStatus, ToneName> = {
  pending: 'info',
  active: 'success',
  suspended: 'warning',
  cancelled: 'neutral',
  expired: 'neutral',
};

export function SubscriptionStatusChip({ status }: { readonly status: SubscriptionStatus }): ReactElement {
  const { t } = useTranslation();
  return <StatusChip tone={subscriptionTones[status]} label={t(`common.status.${status}`)} />;
}

const apiKeyTones: Record<ApiKeyRow['state'], ToneName> = {
  active: 'success',
  inactive: 'neutral',
  expired: 'neutral',
  revoked: 'error',
};

export function ApiKeyStateChip({ state }: { readonly state: ApiKeyRow['state'] }): ReactElement {
  const { t } = useTranslation();
  return <StatusChip tone={apiKeyTones[state]} label={t(`common.status.${state}`)} />;
}

export function ActiveChip({ active }: { readonly active: boolean }): ReactElement {
  const { t } = useTranslation();
  return (
    <StatusChip
      tone={active ? 'success' : 'neutral'}
      label={t(active ? 'common.status.active' : 'common.status.inactive')}
    />
  );
}

/** The schema's sync_status: pending, synced or error; anything else is shown as it stands. */
export function SyncStatusChip({ status }: { readonly status: string | null }): ReactElement {
  const { t } = useTranslation();
  if (status === 'synced') return <StatusChip tone="success" label={t('common.status.synced')} />;
  if (status === 'pending') return <StatusChip tone="info" label={t('common.status.pending')} />;
  if (status === 'error') return <StatusChip tone="error" label={t('common.status.error')} />;
  return <StatusChip tone="neutral" label={status ?? t('common.status.unknown')} />;
}
