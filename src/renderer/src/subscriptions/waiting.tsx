import WarningAmberIcon from '@mui/icons-material/WarningAmber';
import { Stack, Tooltip } from '@mui/material';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SubscriptionRow } from '../../../shared/contract/subscriptions';
import { Instant } from '../ui/values';

interface WaitingProps {
  readonly row: Pick<SubscriptionRow, 'waitsSince' | 'obstacles'>;
}

/** Since when a request waits, and what speaks against approving it now. */
export function Waiting({ row: { waitsSince, obstacles } }: WaitingProps): ReactNode {
  const { t } = useTranslation();
  if (waitsSince === null) return null;
  const [first] = obstacles;
  const reasons = obstacles.map((obstacle) => t(`subscriptions.obstacle.${obstacle}`)).join('. ');
  return (
    <Stack direction="row" sx={{ gap: 0.5, alignItems: 'center', minWidth: 0 }}>
      <Instant value={waitsSince} show="relative" />
      {first !== undefined && (
        <Tooltip title={reasons}>
          <WarningAmberIcon
            color="warning"
            role="img"
            aria-label={reasons}
            aria-hidden={false}
            sx={{ fontSize: 16 }}
          />
        </Tooltip>
      )}
    </Stack>
  );
}
