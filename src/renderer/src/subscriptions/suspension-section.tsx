import { Alert, Button, Stack, Typography } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import type { SuspensionAnswer, SuspensionRemedy } from '../../../shared/contract/suspension';
import { useCanWrite } from '../api/app-state';
import { useProcedureQuery } from '../api/use-procedure';
import { ActionButton } from '../forms/action-button';
import { editPath, RecordLink, recordPath } from '../records/record-link';
import { formatCount } from '../ui/format';
import { Section } from '../ui/section';
import { ErrorState, LoadingLines } from '../ui/states';
import { Instant } from '../ui/values';
import { visibleName } from '../ui/visible-name';
import { reviewSubscriptionsFrom } from './review-subscriptions';
import { subscriptionName } from './subscription-steps';
import { SuspensionTimeline } from './suspension-timeline';

type Subscription = AnswerOf<Contract['subscriptions']['get']>;

interface SubscriptionProps {
  readonly subscription: Subscription;
}

interface AnswerProps extends SubscriptionProps {
  readonly answer: SuspensionAnswer;
}

/** Of a subscription that lets nothing through: why, what restores service, and all that happened to it. */
export function SuspensionSection({ subscription }: SubscriptionProps): ReactElement {
  const { t } = useTranslation();
  const { id, status } = subscription;
  const query = useProcedureQuery('subscriptions', 'whySuspended', { id });
  return (
    <Section title={t(`subscriptions.why.title.${status === 'expired' ? 'expired' : 'suspended'}`)}>
      {query.data !== undefined ? (
        <Stack sx={{ gap: 2 }}>
          <Story answer={query.data} />
          <Remedies subscription={subscription} answer={query.data} />
          <SuspensionTimeline id={id} timeline={query.data.timeline} hasMore={query.data.hasMore} />
        </Stack>
      ) : query.error !== null ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <LoadingLines lines={4} />
      )}
    </Section>
  );
}

function Story({ answer }: Pick<AnswerProps, 'answer'>): ReactElement {
  const { t } = useTranslation();
  const { cause, since, actor, reason, request, exceeded } = answer;
  return (
    <Stack sx={{ gap: 0.5 }}>
      <Typography sx={{ fontWeight: 600 }}>
        {t(cause === null ? 'subscriptions.why.unknown' : `subscriptions.why.cause.${cause}`)}
      </Typography>
      {since !== null && (
        <Typography variant="body2" sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>
          {t('subscriptions.why.since')} <Instant value={since} />
          {actor !== null && ` · ${t('subscriptions.why.by', { actor: visibleName(actor) })}`}
        </Typography>
      )}
      {reason !== null && (
        <Typography variant="body2" dir="auto" sx={{ overflowWrap: 'anywhere' }}>
          {reason}
        </Typography>
      )}
      {request !== null && <Request request={request} />}
      {exceeded.map(({ quota, used, limit, atLeast }) => (
        <Typography key={quota} variant="body2">
          {t(`subscriptions.why.exceeded.${quota}`, {
            used: formatCount(used),
            limit: formatCount(limit),
            atLeast: formatCount(atLeast),
          })}
        </Typography>
      ))}
    </Stack>
  );
}

function Request({
  request: { at, found },
}: {
  readonly request: NonNullable<SuspensionAnswer['request']>;
}): ReactElement {
  const { t } = useTranslation();
  return (
    <Typography variant="body2" component="div">
      <Trans
        i18nKey={found === null ? 'subscriptions.why.requestGone' : 'subscriptions.why.request'}
        values={{ tokens: formatCount(found?.tokens ?? 0) }}
        components={{ moment: <Instant value={at} /> }}
      />
      {found !== null && found.key !== null && (
        <>
          {' · '}
          {t('subscriptions.why.throughKey')} <RecordLink area="api-keys" reference={found.key} />
        </>
      )}
    </Typography>
  );
}

/** What restores service, each as it is reviewed before it is done, and where other values are chosen. */
function Remedies({ subscription, answer }: AnswerProps): ReactElement {
  const { t } = useTranslation();
  const readOnly = useCanWrite() ? undefined : t('subscriptions.edit.readOnly');
  const { id, version, status, user, model } = subscription;
  const { remedies, obstacles, exceeded, cause } = answer;
  const [first] = remedies;
  // Nothing gets through while one of them is off, whatever is done here.
  const off = [
    ...(obstacles.includes('user_inactive')
      ? [{ key: 'user' as const, area: 'users' as const, ...user }]
      : []),
    ...(obstacles.includes('model_inactive')
      ? [{ key: 'model' as const, area: 'models' as const, ...model }]
      : []),
  ];
  const otherField = exceeded[0]?.quota ?? (first?.kind === 'extend' ? 'expiresAt' : null);
  const review = ({ kind, changes }: SuspensionRemedy): void =>
    reviewSubscriptionsFrom([status])({
      targets: { selected: [{ id, version }] },
      rows: new Map([[id, subscription]]),
      changes,
      title: t(`subscriptions.why.reviewTitle.${kind}`, { name: subscriptionName(t, subscription) }),
    });
  return (
    <Stack sx={{ gap: 1 }}>
      <Typography component="h3" variant="subtitle2">
        {t('subscriptions.why.remedies')}
      </Typography>
      {obstacles.length > 0 && (
        <Alert severity="warning">
          {t('subscriptions.why.obstacles')}:{' '}
          {obstacles.map((obstacle) => `${t(`subscriptions.obstacle.${obstacle}`)}.`).join(' ')}
        </Alert>
      )}
      {first === undefined && <Typography variant="body2">{t('subscriptions.why.nothing')}</Typography>}
      {off.map(({ key, area, id: of, label }) => (
        <Button
          key={key}
          size="small"
          variant="contained"
          component={Link}
          to={recordPath(area, of)}
          sx={{ alignSelf: 'flex-start' }}
        >
          {t(`subscriptions.why.first.${key}`, { name: visibleName(label) })}
        </Button>
      ))}
      {remedies.map((remedy) => (
        <Stack key={remedy.kind} direction="row" sx={{ gap: 1.5, alignItems: 'center', flexWrap: 'wrap' }}>
          <ActionButton
            size="small"
            variant={remedy === first && off.length === 0 ? 'contained' : 'outlined'}
            obstacle={readOnly}
            onClick={() => review(remedy)}
          >
            {t(`subscriptions.why.remedy.${remedy.kind}`)}
          </ActionButton>
          <Typography variant="body2" component="div">
            <Does changes={remedy.changes} off={off.map(({ key }) => key)} />
            {cause === 'sync' && ` ${t('subscriptions.why.does.bySync')}`}
          </Typography>
        </Stack>
      ))}
      {otherField !== null && readOnly === undefined && (
        <Button
          size="small"
          component={Link}
          to={editPath('subscriptions', id, otherField)}
          sx={{ alignSelf: 'flex-start' }}
        >
          {t(otherField === 'expiresAt' ? 'subscriptions.why.otherEnd' : 'subscriptions.why.otherQuota')}
        </Button>
      )}
    </Stack>
  );
}

/** What a remedy would do, in words. */
function Does({
  changes,
  off,
}: Pick<SuspensionRemedy, 'changes'> & { readonly off: readonly ('user' | 'model')[] }): ReactNode {
  const { t } = useTranslation();
  const [one, other] = off;
  const { quotaRequests, quotaTokens, expiresAt } = changes;
  const parts = [
    one === undefined
      ? t('subscriptions.why.does.opens')
      : t(`subscriptions.why.does.opensFor.${other === undefined ? one : 'both'}`),
    ...(quotaRequests === undefined
      ? []
      : quotaRequests === null
        ? [t('subscriptions.why.does.noRequests')]
        : [t('subscriptions.why.does.quotaRequests', { value: formatCount(quotaRequests) })]),
    ...(quotaTokens === undefined
      ? []
      : quotaTokens === null
        ? [t('subscriptions.why.does.noTokens')]
        : [t('subscriptions.why.does.quotaTokens', { value: formatCount(quotaTokens) })]),
    ...(expiresAt === null ? [t('subscriptions.why.does.neverEnds')] : []),
  ];
  return (
    <>
      {parts.join(' ')}
      {typeof expiresAt === 'string' && (
        <>
          {' '}
          <Trans
            i18nKey="subscriptions.why.does.ends"
            components={{ moment: <Instant value={expiresAt} /> }}
          />
        </>
      )}
    </>
  );
}
