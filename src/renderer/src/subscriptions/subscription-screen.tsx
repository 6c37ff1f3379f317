import { Box, Stack } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { useProcedureQuery } from '../api/use-procedure';
import { BudgetBar } from '../components/budget-bar';
import { DetailPage } from '../components/detail-page';
import { Field, FieldList } from '../components/field-list';
import { QuotaBar } from '../components/quota-bar';
import { RecordLink } from '../components/record-link';
import { Section } from '../components/section';
import { EmptyState } from '../components/states';
import { SubscriptionStatusChip, SyncStatusChip } from '../components/status-chip';
import { TwoColumns } from '../components/two-columns';
import { Count, Instant } from '../components/values';
import { RecordUsage } from '../usage/record-usage';
import { EventTimeline } from './event-timeline';

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
      title={({ user, model }) => t('subscriptions.title', { user: user.label, model: model.label })}
      chips={({ status }) => <SubscriptionStatusChip status={status} />}
    >
      {(subscription) => (
        <>
          <TwoColumns>
            <Details subscription={subscription} />
            <Quotas subscription={subscription} />
          </TwoColumns>
          <RecordUsage filters={{ subscriptionId: id }} />
          <TwoColumns>
            <Keys apiKeys={subscription.apiKeys} />
            <Events events={subscription.events} />
          </TwoColumns>
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
  const isOverdue = storedStatus !== null && storedStatus !== status;
  return (
    <Section title={t('records.details')}>
      <FieldList>
        <Field label={t('records.user')}>
          <RecordLink area="users" reference={subscription.user} />
        </Field>
        <Field label={t('records.model')}>{subscription.model.label}</Field>
        <Field label={t('records.team')}>
          {subscription.team === null ? (
            t('records.noTeam')
          ) : (
            <RecordLink area="teams" reference={subscription.team} />
          )}
        </Field>
        <Field
          label={t('records.status')}
          help={isOverdue ? t('subscriptions.page.storedStatusHelp', { stored: storedStatus }) : undefined}
        >
          <SubscriptionStatusChip status={status} />
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
        <Field label={t('records.id')} copy={subscription.id} wide>
          <code>{subscription.id}</code>
        </Field>
      </FieldList>
    </Section>
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
        <Field label={t('records.budgetPeriod')}>{subscription.budgetDuration}</Field>
        <Field label={t('subscriptions.page.resets')}>
          <Instant value={subscription.resetAt} whenNull={t('subscriptions.page.noReset')} />
        </Field>
        <Field label={t('records.tokensPerMinute')}>
          <Count value={subscription.tpmLimit} whenNull={t('common.unlimited')} />
        </Field>
        <Field label={t('records.requestsPerMinute')}>
          <Count value={subscription.rpmLimit} whenNull={t('common.unlimited')} />
        </Field>
      </FieldList>
    </Section>
  );
}

const shownKeys = 20;

function Keys({ apiKeys }: { readonly apiKeys: Subscription['apiKeys'] }): ReactElement {
  const { t } = useTranslation();
  return (
    <Section
      title={t('subscriptions.page.apiKeys')}
      description={apiKeys.length === shownKeys ? t('subscriptions.page.moreApiKeys') : undefined}
    >
      {apiKeys.length === 0 ? (
        <EmptyState title={t('subscriptions.page.noApiKeys')} />
      ) : (
        <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none', display: 'grid', gap: 0.75 }}>
          {apiKeys.map((reference) => (
            <Box component="li" key={reference.id} sx={{ minWidth: 0 }}>
              <RecordLink area="api-keys" reference={reference} />
            </Box>
          ))}
        </Box>
      )}
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
