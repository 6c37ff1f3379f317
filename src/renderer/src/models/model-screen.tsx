import { Alert, Stack } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { RelatedApiKeys } from '../api-keys/related-api-keys';
import { useProcedureQuery } from '../api/use-procedure';
import { RecordTrail } from '../audit/record-trail';
import { DetailPage } from '../records/detail-page';
import { Field, FieldList } from '../ui/field-list';
import { formatCount, formatDay } from '../ui/format';
import { LitellmSection } from '../records/litellm-section';
import { LongTextBox, LongTextSection } from '../records/long-text-section';
import { Section } from '../ui/section';
import { ActiveChip } from '../ui/status-chip';
import { TagCloud } from '../ui/tag';
import { TwoColumns } from '../ui/two-columns';
import { useRecordId } from '../records/use-record-id';
import { Instant } from '../ui/values';
import { RelatedSubscriptions } from '../subscriptions/related-subscriptions';
import { RecordUsage } from '../usage/record-usage';
import { capabilityLabel } from './capability-label';
import { ModelActions } from './model-actions';
import { ModelPrice } from './model-price';
import { ModelSyncChip } from './model-sync-chip';
import { PriceHistory } from './price-history';
import { WhoMayUse } from './who-may-use';

type Answer = AnswerOf<Contract['models']['get']>;
type Model = NonNullable<Answer['model']>;

export function ModelScreen(): ReactElement {
  const id = useRecordId();
  return <ModelPage key={id} id={id} />;
}

/** One model whole: what it is, costs and can do, who may use it, and what was used. */
function ModelPage({ id }: { readonly id: string }): ReactElement {
  const { t } = useTranslation();
  const query = useProcedureQuery('models', 'get', { id });
  return (
    <DetailPage
      kind={t('models.one')}
      back={{ to: '/models', label: t('app.navigation.models') }}
      query={query}
      browse={query.data?.model ? { relation: 'models', id } : undefined}
      title={({ model }) => model?.name ?? id}
      description={({ model }) => (model === null ? null : <bdi>{model.provider}</bdi>)}
      actions={({ model, priceNow }) => model !== null && <ModelActions model={model} priceNow={priceNow} />}
      chips={({ model }) =>
        model !== null && (
          <>
            <ActiveChip active={model.isActive} />
            <ModelSyncChip state={model.sync} />
          </>
        )
      }
    >
      {({ model, prices, litellm, used }) => (
        <>
          {model === null ? (
            <Gone id={id} used={used} />
          ) : (
            <TwoColumns>
              <Details model={model} used={used} />
              <Stack sx={{ gap: 2 }}>
                <Prices model={model} />
                <WhoMayUse modelId={id} />
                <LitellmSection records={litellm} />
              </Stack>
            </TwoColumns>
          )}
          <RecordUsage filters={{ modelId: id }} />
          {model !== null && (
            <>
              <RelatedSubscriptions of={{ modelId: id }} emptyText={t('models.page.noSubscriptions')} />
              <RelatedApiKeys of={{ modelId: id }} emptyText={t('models.page.noApiKeys')} />
            </>
          )}
          <PriceHistory prices={prices} />
          {model === null ? (
            <LitellmSection records={litellm} />
          ) : (
            <LongTextSection title={t('records.longText.metadata')} value={model.metadata} />
          )}
          <RecordTrail resourceType="MODEL" resourceId={id} />
        </>
      )}
    </DetailPage>
  );
}

/** Loud, because everything below is history. */
function Gone({ id, used }: { readonly id: string; readonly used: Answer['used'] }): ReactElement {
  const { t } = useTranslation();
  return (
    <Section title={t('models.page.goneTitle')}>
      <Alert severity="info" sx={{ mb: 2 }}>
        {t('models.page.goneBody')}
      </Alert>
      <FieldList>
        <UsedField used={used} />
        <Field label={t('records.id')} copy={id} wide>
          <code>{id}</code>
        </Field>
      </FieldList>
    </Section>
  );
}

function Details({ model, used }: { readonly model: Model; readonly used: Answer['used'] }): ReactElement {
  const { t } = useTranslation();
  const tokens = (count: number | null): string | null =>
    count === null ? null : t('models.page.tokens', { count, formatted: formatCount(count) });
  return (
    <Section title={t('records.details')}>
      <FieldList>
        <Field label={t('models.column.provider')}>{model.provider}</Field>
        <Field label={t('models.page.litellmProvider')}>{model.litellmProvider}</Field>
        <Field label={t('models.page.contextLength')}>{tokens(model.contextLength)}</Field>
        <Field label={t('models.page.maxTokens')}>{tokens(model.maxTokens)}</Field>
        <Field label={t('models.page.functionCalling')}>
          {t(model.supportsFunctionCalling ? 'common.yes' : 'common.no')}
        </Field>
        <Field label={t('models.page.vision')}>{t(model.supportsVision ? 'common.yes' : 'common.no')}</Field>
        <Field label={t('models.page.capabilities')} wide>
          {model.capabilities.length === 0 ? (
            t('models.page.noCapabilities')
          ) : (
            <TagCloud labels={model.capabilities.map((one) => capabilityLabel(t, one))} />
          )}
        </Field>
        <Field label={t('records.created')}>
          <Instant value={model.createdAt} />
        </Field>
        <Field label={t('records.updated')}>
          <Instant value={model.updatedAt} />
        </Field>
        <Field label={t('records.lastSync')}>
          <Instant value={model.lastSyncAt} whenNull={t('records.never')} />
        </Field>
        <UsedField used={used} />
        {model.description !== null && model.description.text !== '' && (
          <Field label={t('models.page.descriptionLabel')} wide>
            <LongTextBox title={t('models.page.descriptionLabel')} value={model.description} />
          </Field>
        )}
        <Field label={t('records.id')} copy={model.id} wide>
          <code>{model.id}</code>
        </Field>
      </FieldList>
    </Section>
  );
}

function UsedField({ used }: { readonly used: Answer['used'] }): ReactElement {
  const { t } = useTranslation();
  return (
    <Field label={t('models.page.used')}>
      {used === null
        ? t('models.page.usedNone')
        : t('models.page.usedRange', { from: formatDay(used.from), to: formatDay(used.to) })}
    </Field>
  );
}

function Prices({ model }: { readonly model: Model }): ReactElement {
  const { t } = useTranslation();
  return (
    <Section title={t('models.page.prices')} description={t('models.page.pricesDescription')}>
      {model.isOfLitellm && (
        <Alert severity="info" sx={{ mb: 2 }}>
          {t('models.edit.ofLitellm')}
        </Alert>
      )}
      <FieldList>
        <Field label={t('models.page.input')}>
          <ModelPrice price={model.inputPricePer1k} per="thousand" />
        </Field>
        <Field label={t('models.page.output')}>
          <ModelPrice price={model.outputPricePer1k} per="thousand" />
        </Field>
      </FieldList>
    </Section>
  );
}
