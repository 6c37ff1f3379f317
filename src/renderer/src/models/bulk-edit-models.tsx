import { Autocomplete, TextField } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { modelChanges, type ModelRow } from '../../../shared/contract/models';
import { useProcedureQuery } from '../api/use-procedure';
import { BulkEditPanel, bulkState, bulkValue } from '../review/bulk-edit';
import { fieldName } from '../review/field-values';
import { formatCount } from '../ui/format';
import { capabilityLabel } from './capability-label';
import { type ModelTargets, reviewModels } from './review-models';

/** Which models a panel is about, as they were when it was opened. */
interface BulkModels {
  readonly targets: ModelTargets;
  readonly count: number;
  /** Those that were seen; none where a filter finds them. */
  readonly rows: ReadonlyMap<string, ModelRow>;
}

interface BulkEditModelsProps {
  /** NULL: closed. */
  readonly models: BulkModels | null;
  readonly onClose: () => void;
  /** They were changed, or some of them. */
  readonly onDone: () => void;
}

/** The panel in which several models are given the same description, capabilities or state. */
export function BulkEditModels({ models, onClose, onDone }: BulkEditModelsProps): ReactElement {
  const { t } = useTranslation();
  const known = useProcedureQuery('models', 'choices', {}).data?.capabilities ?? [];
  const counted = ({ count }: BulkModels) => ({ count, formatted: formatCount(count) });
  return (
    <BulkEditPanel
      of={models}
      title={(of) => t('models.bulk.title', counted(of))}
      help={({ targets }) => t('filter' in targets ? 'models.bulk.helpFilter' : 'edit.bulk.help')}
      schema={modelChanges}
      fields={[
        bulkValue<ModelRow, string>({
          name: 'description',
          label: fieldName(t, 'description'),
          besides: ['none'],
          seen: () => undefined,
          first: '',
          input: ({ label, value, onChange, isWrong }) => (
            <TextField
              fullWidth
              multiline
              maxRows={8}
              label={label}
              value={value}
              error={isWrong}
              helperText={isWrong ? t('edit.description.wrong') : undefined}
              onChange={(event) => onChange(event.target.value)}
              slotProps={{ htmlInput: { autoComplete: 'off', dir: 'auto' } }}
            />
          ),
        }),
        bulkValue<ModelRow, readonly string[]>({
          name: 'capabilities',
          label: fieldName(t, 'capabilities'),
          seen: (row) => [...row.capabilities],
          first: [],
          input: ({ label, value, onChange, isWrong }) => (
            <Autocomplete
              multiple
              freeSolo
              options={[...known]}
              value={[...value]}
              getOptionLabel={(name) => capabilityLabel(t, name)}
              onChange={(_event, names) => onChange([...new Set(names.map((name) => name.trim()))])}
              renderInput={(params) => (
                <TextField
                  {...params}
                  label={label}
                  error={isWrong}
                  helperText={t(isWrong ? 'common.invalid' : 'models.edit.capabilitiesHelp')}
                />
              )}
            />
          ),
        }),
        bulkState<ModelRow>(t('records.state')),
      ]}
      onReview={(of, changes, done) =>
        reviewModels({
          ...{ targets: of.targets, changes, rows: of.rows, onDone: done },
          title: t('models.bulk.reviewTitle', counted(of)),
        })
      }
      onClose={onClose}
      onDone={onDone}
    />
  );
}
