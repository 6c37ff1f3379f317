import { useMemo, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelRow } from '../../../shared/contract/models';
import { modelDefinition } from '../../../shared/records/models';
import { useProcedureQuery } from '../api/use-procedure';
import { useFilterWords } from '../records/filter-words';
import { RecordListScreen, useShownList } from '../records/record-list-screen';
import { capabilityLabel } from './capability-label';
import { visibleName } from '../ui/visible-name';
import { useBulkModels } from './bulk-models';
import { useModelColumns } from './model-columns';
import { useModelRowActions } from './model-row-actions';
import { NewModelButton } from './new-model-button';
import { useModelFigures } from './use-model-figures';

/** The catalogue of models. */
export function ModelsScreen(): ReactElement {
  const { t } = useTranslation();
  const words = useFilterWords();
  const shown = useShownList(modelDefinition);
  const { data } = shown.query;
  const choices = useProcedureQuery('models', 'choices', {}).data;
  const ids = useMemo(() => data?.rows.map(({ id }) => id) ?? [], [data]);
  const bulk = useBulkModels(shown.selection, shown.list.input);
  const row = useModelRowActions();
  return (
    <>
      <RecordListScreen
        shown={shown}
        actions={<NewModelButton />}
        rowName={rowName}
        rowActions={row.actions}
        bulkActions={bulk.actions}
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
      {bulk.panel}
      {row.panel}
    </>
  );
}

const rowName = ({ name }: ModelRow): string => visibleName(name);
