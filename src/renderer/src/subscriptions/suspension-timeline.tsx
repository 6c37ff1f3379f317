import { Box, Button, Stack, Typography } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { SuspensionAnswer, SuspensionMoment } from '../../../shared/contract/suspension';
import { actionLabel } from '../audit/audit-words';
import { AppLink, recordPath, RecordLink } from '../records/record-link';
import { FieldValue, fieldName } from '../review/field-values';
import { formatCount } from '../ui/format';
import { Instant } from '../ui/values';
import { visibleName } from '../ui/visible-name';
import { EventWords, Timeline, TimelineEntry } from './event-timeline';

interface SuspensionTimelineProps extends Pick<SuspensionAnswer, 'timeline' | 'hasMore'> {
  readonly id: string;
}

/** Changes of status, edits, entries of the audit trail, pulls and requests past a quota, as one, the newest first. */
export function SuspensionTimeline({ id, timeline, hasMore }: SuspensionTimelineProps): ReactElement {
  const { t } = useTranslation();
  const audit = new URLSearchParams({ resourceType: 'SUBSCRIPTION', resourceId: id });
  return (
    <Stack sx={{ gap: 1 }}>
      <Stack direction="row" sx={{ gap: 1.5, alignItems: 'center', flexWrap: 'wrap' }}>
        <Typography component="h3" variant="subtitle2">
          {t('subscriptions.why.timeline')}
        </Typography>
        <Button size="small" component={Link} to={`/audit?${audit.toString()}`}>
          {t('subscriptions.why.audit')}
        </Button>
      </Stack>
      {hasMore && (
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          {t('subscriptions.why.more')}
        </Typography>
      )}
      <Timeline>
        {timeline.map((moment, index) => (
          <TimelineEntry key={`${moment.at} ${index}`} isLast={index === timeline.length - 1}>
            <Moment moment={moment} />
          </TimelineEntry>
        ))}
      </Timeline>
    </Stack>
  );
}

function Moment({ moment }: { readonly moment: SuspensionMoment }): ReactElement {
  const { t } = useTranslation();
  switch (moment.kind) {
    case 'event':
      return <EventWords event={moment} />;
    case 'request':
      return (
        <Entry title={t('subscriptions.why.moment.request')} at={moment.at} by={null} reason={null}>
          <Typography variant="body2" component="div">
            <Trans
              i18nKey="subscriptions.why.request"
              values={{ tokens: formatCount(moment.tokens) }}
              components={{ moment: <Instant value={moment.at} /> }}
            />
            {moment.key !== null && (
              <>
                {' · '}
                {t('subscriptions.why.throughKey')} <RecordLink area="api-keys" reference={moment.key} />
              </>
            )}
          </Typography>
        </Entry>
      );
    case 'sync':
      return (
        <Entry
          title={<AppLink to="/sync">{t('subscriptions.why.moment.sync')}</AppLink>}
          at={moment.at}
          by={moment.actor}
          reason={null}
        />
      );
    case 'audit':
    case 'change': {
      const label = visibleName(actionLabel(t, moment.action));
      const auditId = moment.kind === 'audit' ? moment.id : moment.auditId;
      return (
        <Entry
          title={auditId === null ? label : <AppLink to={recordPath('audit', auditId)}>{label}</AppLink>}
          at={moment.at}
          by={moment.actor}
          reason={moment.reason}
        >
          {moment.kind === 'change' &&
            moment.fields.map(({ field, before, after }) => (
              <Typography key={field} variant="body2" component="div" sx={{ overflowWrap: 'anywhere' }}>
                {fieldName(t, field)}: <FieldValue field={field} value={before} />{' '}
                <Box component="span" role="img" aria-label={t('subscriptions.page.becomes')}>
                  →
                </Box>{' '}
                <FieldValue field={field} value={after} />
              </Typography>
            ))}
        </Entry>
      );
    }
  }
}

interface EntryProps {
  readonly title: ReactNode;
  readonly at: string;
  readonly by: string | null;
  readonly reason: string | null;
  readonly children?: ReactNode;
}

function Entry({ title, at, by, reason, children }: EntryProps): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <Typography variant="body2" component="div" sx={{ fontWeight: 550 }}>
        {title}
      </Typography>
      <Typography
        variant="caption"
        component="div"
        sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}
      >
        {by !== null && `${t('subscriptions.why.by', { actor: visibleName(by) })} · `}
        <Instant value={at} />
      </Typography>
      {children}
      {reason !== null && (
        <Typography variant="body2" dir="auto" sx={{ overflowWrap: 'anywhere' }}>
          {reason}
        </Typography>
      )}
    </>
  );
}
