import { Box, Typography } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { subscriptionStatuses } from '../../../shared/records/subscriptions';
import { SubscriptionStatusChip, StatusChip } from '../ui/status-chip';
import { Instant } from '../ui/values';

type Event = AnswerOf<Contract['subscriptions']['get']>['events'][number];

/** Why a status changed, as the database's trigger records it. */
export const eventCauses = ['quota', 'admin', 'sync', 'expiry'] as const;

/** A subscription's changes of status, the newest first: what, why, by whom, when. */
export function EventTimeline({ events }: { readonly events: readonly Event[] }): ReactElement {
  return (
    <Timeline>
      {events.map((event, index) => (
        <TimelineEntry key={`${event.at} ${index}`} isLast={index === events.length - 1}>
          <EventWords event={event} />
        </TimelineEntry>
      ))}
    </Timeline>
  );
}

/** What happened one after the other, as {@link TimelineEntry}s. */
export function Timeline({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <Box component="ol" sx={{ m: 0, p: 0, listStyle: 'none' }}>
      {children}
    </Box>
  );
}

/** One thing that happened, on the line that leads to the next. */
export function TimelineEntry({
  isLast,
  children,
}: {
  readonly isLast: boolean;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <Box
      component="li"
      sx={({ vars }) => ({
        position: 'relative',
        pl: 3,
        pb: isLast ? 0 : 2,
        '&::before': {
          content: '""',
          position: 'absolute',
          left: 4,
          top: 7,
          width: 9,
          height: 9,
          borderRadius: '50%',
          border: `2px solid ${vars?.palette.primary.main}`,
          backgroundColor: vars?.palette.background.paper,
        },
        '&::after': isLast
          ? {}
          : {
              content: '""',
              position: 'absolute',
              left: 10,
              top: 24,
              bottom: -3,
              width: '1px',
              backgroundColor: vars?.palette.divider,
            },
      })}
    >
      {children}
    </Box>
  );
}

/** A change of status in words. */
export function EventWords({ event }: { readonly event: Event }): ReactElement {
  const { t } = useTranslation();
  const cause = eventCauses.find((known) => known === event.cause);
  const why = cause === undefined ? event.cause : t(`subscriptions.page.cause.${cause}`);
  return (
    <>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.75, flexWrap: 'wrap' }}>
        {event.from !== null && (
          <>
            <StateOfEvent state={event.from} />
            <Box component="span" role="img" aria-label={t('subscriptions.page.becomes')}>
              →
            </Box>
          </>
        )}
        <StateOfEvent state={event.to} />
      </Box>
      <Typography
        variant="caption"
        component="div"
        sx={{ color: 'text.secondary', mt: 0.25, overflowWrap: 'anywhere' }}
        dir="auto"
      >
        {event.actor === null ? why : t('subscriptions.page.causeBy', { cause: why, actor: event.actor })}
        {' · '}
        <Instant value={event.at} />
      </Typography>
      {event.reason !== null && (
        <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }} dir="auto">
          {event.reason}
        </Typography>
      )}
    </>
  );
}

function StateOfEvent({ state }: { readonly state: string }): ReactElement {
  const { t } = useTranslation();
  const status = subscriptionStatuses.find((known) => known === state);
  if (status !== undefined) return <SubscriptionStatusChip status={status} />;
  return (
    <StatusChip tone="neutral" label={state === 'deleted' ? t('subscriptions.page.eventDeleted') : state} />
  );
}
