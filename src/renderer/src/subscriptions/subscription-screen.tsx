import { Stack } from '@mui/material';
import { lazy, Suspense, type ReactElement, type ReactNode } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { RelatedApiKeys } from '../api-keys/related-api-keys';
import { useProcedureQuery } from '../api/use-procedure';
import { RecordTrail } from '../audit/record-trail';
import { BudgetBar } from '../records/budget-bar';
import { budgetPeriodLabel } from '../records/budget-period';
import { DetailPage } from '../records/detail-page';
import { Field, FieldList } from '../ui/field-list';
import { LimitValue } from '../records/limit-value';
import { QuotaBar } from '../records/quota-bar';
import { RecordLink } from '../records/record-link';
import { UntoldNotice } from '../records/untold-notice';
import { Section } from '../ui/section';
import { EmptyState, LoadingLines } from '../ui/states';
import { SyncStatusChip } from '../ui/status-chip';
import { TwoColumns } from '../ui/two-columns';
import { Instant } from '../ui/values';
import { visibleName } from '../ui/visible-name';
import { RecordUsage } from '../usage/record-usage';
import { eventCauses, EventTimeline } from './event-timeline';
import { Obstacles } from './obstacles';
import { SubscriptionActions } from './subscription-actions';
import { SubscriptionState } from './subscription-state';
import { isStopped } from './subscription-steps';

const SuspensionSection = lazy(async () => ({
  default: (await import('./suspension-section')).SuspensionSection,
}));

type Subscription = AnswerOf<Contract['subscriptions']['get']>;

export function SubscriptionScreen(): ReactElement {
  const { id = '' } = useParams();
  return <SubscriptionPage key={id} id={id} />;
}

/** One subscription whole: what it allows, how far it is used, how its status came about. */
function SubscriptionPage({ id }: { readonly id: string }): ReactElement {
  const { t } = useTranslation();
  const query = useProcedureQuery('subscriptions', 'get', { id });
  return (
    <DetailPage
      kind={t('subscriptions.one')}
      back={{ to: '/subscriptions', label: t('app.navigation.subscriptions') }}
      query={query}
      browse={{ relation: 'subscriptions', id }}
      title={({ user, model }) =>
        t('subscriptions.title', { user: visibleName(user.label), model: visibleName(model.label) })
      }
      chips={(subscription) => <SubscriptionState of={subscription} />}
      actions={(subscription) => <SubscriptionActions subscription={subscription} />}
    >
      {(subscription) => (
        <>
          <UntoldNotice news={subscription.untoldNews} />
          <Obstacles of={subscription} />
          {isStopped(subscription) && (
            <Suspense fallback={<LoadingLines lines={4} />}>
              <SuspensionSection subscription={subscription} />
            </Suspense>
          )}
          <TwoColumns>
            <Details subscription={subscription} />
            <Quotas subscription={subscription} />
          </TwoColumns>
          <RecordUsage filters={{ subscriptionId: id }} />
          <RelatedApiKeys
            title={t('subscriptions.page.apiKeys')}
            of={{ subscriptionId: id }}
            emptyText={t('subscriptions.page.noApiKeys')}
          />
          <Events events={subscription.events} />
          <RecordTrail resourceType="SUBSCRIPTION" resourceId={id} />
        </>
      )}
    </DetailPage>
  );
}

interface PartProps {
  readonly subscription: Subscription;
}

function Details({ subscription }: PartProps): ReactElement {
  const { t } = useTranslation();
  const { status, storedStatus, expiresAt } = subscription;
  const latest = subscription.events.find(({ to }) => to === storedStatus);
  const isOverdue = storedStatus !== null && storedStatus !== status;
  return (
    <Section title={t('records.details')}>
      <FieldList>
        <Field label={t('records.user')}>
          <RecordLink area="users" reference={subscription.user} />
        </Field>
        <Field label={t('records.model')}>
          <RecordLink area="models" reference={subscription.model} />
        </Field>
        <Field label={t('records.team')}>
          {subscription.team === null ? (
            t('records.noTeam')
          ) : (
            <RecordLink area="teams" reference={subscription.team} />
          )}
        </Field>
        <Field
          label={t('records.status')}
          help={
            isOverdue ? (
              t('subscriptions.page.storedStatusHelp', { stored: storedStatus })
            ) : (
              <Reason event={latest} />
            )
          }
        >
          <SubscriptionState of={subscription} />
        </Field>
        <Field label={t('records.expires')}>
          <Instant value={expiresAt} whenNull={t('records.never')} />
        </Field>
        <Field label={t('records.created')}>
          <Instant value={subscription.createdAt} />
        </Field>
        <Field label={t('records.syncStatus')}>
          <SyncStatusChip status={subscription.syncStatus} />
        </Field>
        <Field label={t('records.lastSync')}>
          <Instant value={subscription.lastSyncAt} whenNull={t('records.never')} />
        </Field>
        <Field label={t('records.updated')} help={t('records.updatedHelp')}>
          <Instant value={subscription.updatedAt} />
        </Field>
        <Field label={t('subscriptions.page.litellmKeyAlias')}>{subscription.litellmKeyAlias}</Field>
        <Field
          label={t('subscriptions.page.litellmKeyId')}
          help={t('subscriptions.page.litellmKeyHelp')}
          wide
        >
          {subscription.litellmKeyId === null ? null : <code>{subscription.litellmKeyId}</code>}
        </Field>
        <Field label={t('records.id')} copy={subscription.id} wide>
          <code>{subscription.id}</code>
        </Field>
      </FieldList>
    </Section>
  );
}

/** Why it has the status that the database holds: the event that brought it there. */
function Reason({ event }: { readonly event: Subscription['events'][number] | undefined }): ReactNode {
  const { t } = useTranslation();
  if (event === undefined) return t('subscriptions.page.reasonUnknown');
  const cause = eventCauses.find((known) => known === event.cause);
  return (
    <Trans
      i18nKey="subscriptions.page.reason"
      values={{ cause: cause === undefined ? event.cause : t(`subscriptions.page.cause.${cause}`) }}
      components={{ moment: <Instant value={event.at} /> }}
    />
  );
}

function Quotas({ subscription }: PartProps): ReactElement {
  const { t } = useTranslation();
  const { usedRequests, quotaRequests, usedTokens, quotaTokens } = subscription;
  return (
    <Section title={t('subscriptions.page.quotas')}>
      <Stack sx={{ gap: 2, mb: 2.5 }}>
        <QuotaBar label={t('subscriptions.page.requests')} used={usedRequests} limit={quotaRequests} />
        <QuotaBar label={t('subscriptions.page.tokens')} used={usedTokens} limit={quotaTokens} />
        <BudgetBar spend={subscription.currentSpend} budget={subscription.maxBudget} />
      </Stack>
      <FieldList>
        <Field label={t('records.budgetPeriod')}>{budgetPeriodLabel(t, subscription.budgetDuration)}</Field>
        <Field label={t('subscriptions.page.periodSince')}>
          <Instant value={subscription.periodStartedAt} whenNull={t('subscriptions.page.sinceMade')} />
        </Field>
        <Field label={t('subscriptions.page.resets')}>
          <Instant value={subscription.resetAt} whenNull={t('subscriptions.page.noReset')} />
        </Field>
        <Field label={t('records.tokensPerMinute')}>
          <LimitValue value={subscription.tpmLimit} />
        </Field>
        <Field label={t('records.requestsPerMinute')}>
          <LimitValue value={subscription.rpmLimit} />
        </Field>
      </FieldList>
    </Section>
  );
}

const shownEvents = 50;

function Events({ events }: { readonly events: Subscription['events'] }): ReactElement {
  const { t } = useTranslation();
  return (
    <Section
      title={t('subscriptions.page.events')}
      description={events.length === shownEvents ? t('subscriptions.page.moreEvents') : undefined}
    >
      {events.length === 0 ? (
        <EmptyState title={t('subscriptions.page.noEvents')} />
      ) : (
        <EventTimeline events={events} />
      )}
    </Section>
  );
}
