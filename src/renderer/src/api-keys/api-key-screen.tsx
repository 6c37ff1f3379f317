import { Alert, Box, Stack } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { useProcedureQuery } from '../api/use-procedure';
import { RecordTrail } from '../audit/record-trail';
import { BudgetBar } from '../records/budget-bar';
import { budgetPeriodLabel } from '../records/budget-period';
import { DetailPage } from '../records/detail-page';
import { Field, FieldList } from '../ui/field-list';
import { formatCount } from '../ui/format';
import { LimitValue } from '../records/limit-value';
import { LitellmSection } from '../records/litellm-section';
import { LongTextSection } from '../records/long-text-section';
import { ModelCloud } from '../records/model-cloud';
import { RecordLink } from '../records/record-link';
import { UntoldNotice } from '../records/untold-notice';
import { Section } from '../ui/section';
import { ApiKeyStateChip, SyncStatusChip } from '../ui/status-chip';
import { TagCloud } from '../ui/tag';
import { TwoColumns } from '../ui/two-columns';
import { Instant } from '../ui/values';
import { RecordUsage } from '../usage/record-usage';
import { ApiKeyActions } from './api-key-actions';
import { ApplyingBudgets } from './applying-budgets';
import { keyName } from './key-name';
import { RevealKey } from './reveal-key';
import { SendAgain } from './send-again';

type ApiKey = AnswerOf<Contract['apiKeys']['get']>;

export function ApiKeyScreen(): ReactElement {
  const { id = '' } = useParams();
  return <ApiKeyPage key={id} id={id} />;
}

/** One key whole, except for its value. */
function ApiKeyPage({ id }: { readonly id: string }): ReactElement {
  const { t } = useTranslation();
  const query = useProcedureQuery('apiKeys', 'get', { id });
  return (
    <DetailPage
      kind={t('apiKeys.one')}
      back={{ to: '/api-keys', label: t('app.navigation.apiKeys') }}
      query={query}
      browse={{ relation: 'api_keys', id }}
      title={keyName}
      description={({ prefix }) => <code>{prefix}</code>}
      chips={({ state }) => <ApiKeyStateChip state={state} />}
      actions={(apiKey) => <ApiKeyActions apiKey={apiKey} />}
    >
      {(apiKey) => (
        <>
          <UntoldNotice news={apiKey.untoldNews} sendAgain={<SendAgain id={id} />} />
          <TwoColumns>
            <Details apiKey={apiKey} />
            <Stack sx={{ gap: 2 }}>
              <Limits apiKey={apiKey} />
              <LitellmSection records={apiKey.litellm} />
            </Stack>
          </TwoColumns>
          <ApplyingBudgets id={id} />
          <Models apiKey={apiKey} />
          <RecordUsage filters={{ apiKeyId: id }} />
          <LongTextSection title={t('records.longText.metadata')} value={apiKey.metadata} />
          <RecordTrail resourceType="API_KEY" resourceId={id} />
        </>
      )}
    </DetailPage>
  );
}

interface PartProps {
  readonly apiKey: ApiKey;
}

function Details({ apiKey }: PartProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Section title={t('records.details')}>
      <FieldList>
        <Field label={t('records.user')}>
          <RecordLink area="users" reference={apiKey.user} />
        </Field>
        <Field label={t('records.team')}>
          {apiKey.team === null ? t('records.noTeam') : <RecordLink area="teams" reference={apiKey.team} />}
        </Field>
        <Field label={t('apiKeys.page.subscription')}>
          {apiKey.subscription === null ? (
            t('apiKeys.page.subscriptionNone')
          ) : (
            <RecordLink area="subscriptions" reference={apiKey.subscription} />
          )}
        </Field>
        <Field label={t('apiKeys.page.alias')}>{apiKey.alias}</Field>
        <Field label={t('apiKeys.column.prefix')}>
          <code>{apiKey.prefix}</code>
        </Field>
        <Field
          label={t('apiKeys.page.value')}
          help={apiKey.valueStored === false ? t('apiKeys.page.valueNotStoredHelp') : undefined}
        >
          {t(
            apiKey.valueStored === null
              ? 'apiKeys.page.valueNotVisible'
              : apiKey.valueStored
                ? 'apiKeys.page.valueStored'
                : 'apiKeys.page.valueNotStored',
          )}
          {apiKey.valueStored === true && <RevealKey apiKey={apiKey} />}
        </Field>
        <Field label={t('records.state')} help={t(`apiKeys.page.because.${apiKey.state}`)}>
          <ApiKeyStateChip state={apiKey.state} />
        </Field>
        <Field label={t('apiKeys.page.switchedOn')}>{t(apiKey.isActive ? 'common.yes' : 'common.no')}</Field>
        <Field label={t('apiKeys.column.lastUsed')}>
          <Instant value={apiKey.lastUsedAt} whenNull={t('records.never')} />
        </Field>
        <Field label={t('records.expires')}>
          <Instant value={apiKey.expiresAt} whenNull={t('records.never')} />
        </Field>
        <Field label={t('apiKeys.page.revoked')}>
          <Instant value={apiKey.revokedAt} whenNull={t('apiKeys.page.notRevoked')} />
        </Field>
        <Field label={t('records.created')}>
          <Instant value={apiKey.createdAt} />
        </Field>
        <Field label={t('records.syncStatus')}>
          <SyncStatusChip status={apiKey.syncStatus} />
        </Field>
        <Field label={t('records.lastSync')}>
          <Instant value={apiKey.lastSyncAt} whenNull={t('records.never')} />
        </Field>
        <Field label={t('records.id')} copy={apiKey.id} wide>
          <code>{apiKey.id}</code>
        </Field>
      </FieldList>
    </Section>
  );
}

function Limits({ apiKey }: PartProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Section title={t('records.limits')}>
      <Box sx={{ mb: 2.5 }}>
        <BudgetBar spend={apiKey.currentSpend} budget={apiKey.maxBudget} />
      </Box>
      <FieldList>
        <Field label={t('records.budgetPeriod')}>{budgetPeriodLabel(t, apiKey.budgetDuration)}</Field>
        <Field label={t('records.tokensPerMinute')}>
          <LimitValue value={apiKey.tpmLimit} />
        </Field>
        <Field label={t('records.requestsPerMinute')}>
          <LimitValue value={apiKey.rpmLimit} />
        </Field>
      </FieldList>
    </Section>
  );
}

function Models({ apiKey }: PartProps): ReactElement {
  const { t } = useTranslation();
  const { modelCount, allModelRefs, otherModels } = apiKey;
  return (
    <Section
      title={t('apiKeys.page.models')}
      description={
        modelCount > 0 &&
        t('apiKeys.page.modelCount', { count: modelCount, formatted: formatCount(modelCount) })
      }
    >
      <ModelScope apiKey={apiKey} />
      <ModelCloud models={allModelRefs} count={modelCount} />
      {otherModels.length > 0 && (
        <Box sx={{ mt: 2 }}>
          <FieldList>
            <Field label={t('apiKeys.page.otherModels')} help={t('apiKeys.page.otherModelsHelp')} wide>
              <TagCloud labels={otherModels} />
            </Field>
          </FieldList>
        </Box>
      )}
    </Section>
  );
}

/** Loud where a key may call everything or nothing. */
function ModelScope({ apiKey: { allModels, modelCount, otherModels } }: PartProps): ReactNode {
  const { t } = useTranslation();
  if (allModels) {
    return (
      <Alert severity="warning" sx={{ mb: 1.5 }}>
        {t('apiKeys.allModelsHelp')}
      </Alert>
    );
  }
  return modelCount + otherModels.length === 0 ? (
    <Alert severity="error">{t('apiKeys.noModelsHelp')}</Alert>
  ) : null;
}
