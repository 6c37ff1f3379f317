import { Skeleton } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Field, FieldList } from '../components/field-list';
import { formatCount } from '../components/format';
import { AppLink } from '../components/record-link';
import { Section } from '../components/section';
import { ErrorState } from '../components/states';
import { Count } from '../components/values';
import { useModelFigures } from './use-model-figures';

/** How many may use a model, and on what ground: a subscription, a key that names it, a key with all models. */
export function WhoMayUse({ modelId }: { readonly modelId: string }): ReactElement {
  const { t } = useTranslation();
  const { of, activeKeysWithAllModels, error } = useModelFigures([modelId]);
  const figures = of(modelId);
  const count = (value: number | undefined): ReactNode =>
    value === undefined ? (
      <Skeleton width={48} aria-label={t('models.figure.waiting')} role="img" />
    ) : (
      <Count value={value} />
    );
  return (
    <Section title={t('models.page.who')}>
      {error !== null && figures === undefined ? (
        <ErrorState error={error} />
      ) : (
        <FieldList>
          <Field
            label={t('models.page.subscribers')}
            help={t('models.page.subscribersHelp', { formatted: formatCount(figures?.subscriptions ?? 0) })}
          >
            {count(figures?.activeSubscriptions)}
          </Field>
          <Field
            label={t('models.page.apiKeys')}
            help={t('models.page.apiKeysHelp', { formatted: formatCount(figures?.apiKeys ?? 0) })}
          >
            {count(figures?.activeApiKeys)}
          </Field>
          <Field label={t('models.page.allModelsKeys')} help={t('models.page.allModelsKeysHelp')} wide>
            {activeKeysWithAllModels === undefined || activeKeysWithAllModels === 0 ? (
              count(activeKeysWithAllModels)
            ) : (
              <AppLink to="/api-keys?state=active&allModels=true">
                {formatCount(activeKeysWithAllModels)}
              </AppLink>
            )}
          </Field>
        </FieldList>
      )}
    </Section>
  );
}
