import { useMemo, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { modelDefinition } from '../../../shared/records/models';
import { useProcedureQuery } from '../api/use-procedure';
import { useFilterWords } from '../records/filter-words';
import { RecordListScreen, useShownList } from '../records/record-list-screen';
import { capabilityLabel } from './capability-label';
import { useModelColumns } from './model-columns';
import { useModelFigures } from './use-model-figures';

/** The catalogue of models. */
export function ModelsScreen(): ReactElement {
  const { t } = useTranslation();
  const words = useFilterWords();
  const shown = useShownList(modelDefinition);
  const { data } = shown.query;
  const choices = useProcedureQuery('models', 'choices', {}).data;
  const ids = useMemo(() => data?.rows.map(({ id }) => id) ?? [], [data]);
  return (
    <RecordListScreen
      shown={shown}
      columns={useModelColumns(useModelFigures(ids))}
      filters={{
        provider: {
          label: t('models.filter.provider'),
          choices: choices?.providers.filter((provider) => provider !== '') ?? [],
        },
        active: words.active,
        capability: {
          label: t('models.filter.capability'),
          choices: choices?.capabilities ?? [],
          word: (capability) => capabilityLabel(t, capability),
        },
        pricing: {
          label: t('models.filter.pricing'),
          word: (pricing) => t(`models.pricing.${pricing}`),
        },
        sync: { label: t('models.filter.sync'), word: (state) => t(`models.sync.${state}`) },
      }}
    />
  );
}
