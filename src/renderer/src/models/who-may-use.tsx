import { Skeleton } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useProcedureQuery } from '../api/use-procedure';
import { Field, FieldList } from '../ui/field-list';
import { formatCount } from '../ui/format';
import { AppLink } from '../records/record-link';
import { Section } from '../ui/section';
import { ErrorState } from '../ui/states';
import { Count, NotRecorded } from '../ui/values';
import { useModelFigures } from './use-model-figures';

/** How many may use a model, and on what ground: a subscription, a key that names it, a key with all models. */
export function WhoMayUse({ modelId }: { readonly modelId: string }): ReactElement {
  const { t } = useTranslation();
  const { of, error } = useModelFigures([modelId]);
  const withAllModels = useProcedureQuery('apiKeys', 'list', {
    pageSize: 1,
    filters: { state: 'active', allModels: true },
  });
  const figures = of(modelId);
  const count = (value: number | undefined): ReactNode =>
    value === undefined ? (
      <Skeleton width={48} aria-label={t('models.figure.waiting')} role="img" />
    ) : (
      <Count value={value} />
    );
  // A line of its own from the start, so that nothing moves when it arrives.
  const inAll = (
    text: 'models.page.subscribersHelp' | 'models.page.apiKeysHelp',
    value: number | undefined,
  ): string => (value === undefined ? '\u00A0' : t(text, { formatted: formatCount(value) }));
  return (
    <Section title={t('models.page.who')}>
      {error !== null && figures === undefined ? (
        <ErrorState error={error} />
      ) : (
        <FieldList>
          <Field
            label={t('models.page.subscribers')}
            help={inAll('models.page.subscribersHelp', figures?.subscriptions)}
          >
            {count(figures?.activeSubscriptions)}
          </Field>
          <Field label={t('models.page.apiKeys')} help={inAll('models.page.apiKeysHelp', figures?.apiKeys)}>
            {count(figures?.activeApiKeys)}
          </Field>
          <Field label={t('models.page.allModelsKeys')} help={t('models.page.allModelsKeysHelp')} wide>
            {withAllModels.error ? (
              <NotRecorded label={t('models.figure.failed', { reason: withAllModels.error.message })} />
            ) : withAllModels.data === undefined || withAllModels.data.total === 0 ? (
              count(withAllModels.data?.total)
            ) : (
              <AppLink to="/api-keys?state=active&allModels=true">
                {withAllModels.data.totalIsExact
                  ? formatCount(withAllModels.data.total)
                  : t('common.moreThan', { value: formatCount(withAllModels.data.total) })}
              </AppLink>
            )}
          </Field>
        </FieldList>
      )}
    </Section>
  );
}
