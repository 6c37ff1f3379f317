import { TextField, Typography } from '@mui/material';
import { useState, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChangeValue } from '../../../shared/contract/changes';
import { teamChanges, type TeamRow } from '../../../shared/contract/teams';
import type { Reference } from '../../../shared/contract/values';
import { BulkField, type BulkChoice } from '../forms/bulk-field';
import { EditPanel } from '../forms/edit-panel';
import { PanelForm } from '../forms/panel-form';
import { BulkNow } from '../review/bulk-now';
import { formatCount } from '../ui/format';
import { ModelsList } from './models-field';
import { PeriodField } from './period-field';
import { reviewTeams, type TeamTargets } from './review-teams';

/** Which teams a panel is about, as they were when it was opened. */
export interface BulkTeams {
  readonly targets: TeamTargets;
  readonly count: number;
  /** Those that were seen; none where a filter finds them. */
  readonly rows: ReadonlyMap<string, TeamRow>;
}

interface BulkEditTeamsProps {
  /** NULL: closed. */
  readonly teams: BulkTeams | null;
  readonly onClose: () => void;
  /** They were changed, or some of them. */
  readonly onDone: () => void;
}

/** The panel in which several teams are given the same budget, limits, models or state. */
export function BulkEditTeams({ teams, onClose, onDone }: BulkEditTeamsProps): ReactElement {
  const { t } = useTranslation();
  // What it is about stays while the panel goes away.
  const [shown, setShown] = useState(teams);
  if (teams !== null && teams !== shown) setShown(teams);
  const count = shown?.count ?? 0;
  return (
    <EditPanel
      title={t('teams.bulk.title', { count, formatted: formatCount(count) })}
      open={teams !== null}
      onClose={onClose}
    >
      {({ setDirty, cancel, close }) =>
        shown !== null && (
          <BulkForm
            teams={shown}
            onDirty={setDirty}
            onCancel={cancel}
            onDone={() => {
              close();
              onDone();
            }}
          />
        )
      }
    </EditPanel>
  );
}

const limitFields = ['maxBudget', 'tpmLimit', 'rpmLimit'] as const;
const fieldNames = [...limitFields, 'budgetDuration', 'allowedModels', 'isActive'] as const;
type FieldName = (typeof fieldNames)[number];

interface Values {
  readonly choices: Readonly<Record<FieldName, BulkChoice>>;
  readonly amounts: Readonly<Record<(typeof limitFields)[number], string>>;
  readonly budgetDuration: string;
  readonly models: readonly Reference[];
}

const untouched: Values = {
  choices: {
    maxBudget: 'leave',
    tpmLimit: 'leave',
    rpmLimit: 'leave',
    budgetDuration: 'leave',
    allowedModels: 'leave',
    isActive: 'leave',
  },
  amounts: { maxBudget: '', tpmLimit: '', rpmLimit: '' },
  budgetDuration: 'monthly',
  models: [],
};

interface BulkFormProps {
  readonly teams: BulkTeams;
  readonly onDirty: (isDirty: boolean) => void;
  readonly onCancel: () => void;
  readonly onDone: () => void;
}

function BulkForm({ teams, onDirty, onCancel, onDone }: BulkFormProps): ReactElement {
  const { t } = useTranslation();
  const [values, setValues] = useState(untouched);
  const [wrong, setWrong] = useState<ReadonlySet<string>>(new Set());
  const touched = fieldNames.filter((name) => values.choices[name] !== 'leave');
  const set = (field: FieldName, next: Values): void => {
    setValues(next);
    setWrong(new Set([...wrong].filter((other) => other !== field)));
    onDirty(fieldNames.some((name) => next.choices[name] !== 'leave'));
  };
  const review = (): void => {
    const checked = teamChanges.safeParse(changesOf(values, touched));
    if (!checked.success) {
      setWrong(new Set(checked.error.issues.map(({ path }) => String(path[0]))));
      return;
    }
    if (touched.length === 0) return;
    reviewTeams({
      targets: teams.targets,
      changes: checked.data,
      title: t('teams.bulk.reviewTitle', { count: teams.count, formatted: formatCount(teams.count) }),
      rows: teams.rows,
      onDone,
    });
  };
  const label = (name: FieldName): string =>
    name === 'isActive' ? t('records.state') : t(`teams.edit.${name}`);
  const newLabel = (name: FieldName): string => t('users.bulk.newValue', { field: label(name) });
  const field = (name: FieldName, options: readonly BulkChoice[], value: ReactNode): ReactElement => (
    <BulkField
      key={name}
      label={label(name)}
      choice={values.choices[name]}
      options={options}
      onChoose={(choice) => set(name, { ...values, choices: { ...values.choices, [name]: choice } })}
      now={<BulkNow field={name} values={seenValues(name, teams.rows)} />}
    >
      {value}
    </BulkField>
  );
  return (
    <PanelForm
      submitLabel={
        touched.length === 0
          ? t('users.bulk.nothing')
          : t('users.edit.review', { count: touched.length, formatted: formatCount(touched.length) })
      }
      maySubmit={touched.length > 0}
      onSubmit={review}
      onCancel={onCancel}
    >
      <Typography variant="body2" sx={{ px: 1.5, color: 'text.secondary' }}>
        {t('filter' in teams.targets ? 'teams.bulk.helpFilter' : 'users.bulk.help')}
      </Typography>
      {limitFields.map((name) =>
        field(
          name,
          ['leave', 'set', 'clear'],
          <TextField
            fullWidth
            label={newLabel(name)}
            value={values.amounts[name]}
            error={wrong.has(name)}
            helperText={wrong.has(name) ? t('common.invalid') : undefined}
            onChange={(event) =>
              set(name, { ...values, amounts: { ...values.amounts, [name]: event.target.value } })
            }
            slotProps={{ htmlInput: { inputMode: 'decimal', autoComplete: 'off' } }}
          />,
        ),
      )}
      {field(
        'budgetDuration',
        ['leave', 'set'],
        <PeriodField
          label={newLabel('budgetDuration')}
          value={values.budgetDuration}
          onChange={(budgetDuration) => set('budgetDuration', { ...values, budgetDuration })}
          isWrong={wrong.has('budgetDuration')}
        />,
      )}
      {field(
        'allowedModels',
        ['leave', 'set', 'all'],
        <ModelsList
          value={values.models}
          onChange={(models) => set('allowedModels', { ...values, models })}
          isWrong={wrong.has('allowedModels')}
        />,
      )}
      {field('isActive', ['leave', 'active', 'inactive'], null)}
    </PanelForm>
  );
}

/** What the teams that were seen have; of models a row has the first few, which say nothing where there are more. */
function seenValues(name: FieldName, rows: ReadonlyMap<string, TeamRow>): readonly ChangeValue[] {
  const teams = [...rows.values()];
  if (name !== 'allowedModels') return teams.map((row) => row[name]);
  return teams.map((row) =>
    row.allModels
      ? []
      : row.allowedModelCount > row.allowedModels.length
        ? [...row.allowedModels, '…']
        : row.allowedModels,
  );
}

/** What is to be set, as the contract takes it, unchecked: null is unlimited. */
function changesOf(values: Values, touched: readonly FieldName[]): Readonly<Record<string, unknown>> {
  const wanted: Readonly<Record<FieldName, unknown>> = {
    ...values.amounts,
    budgetDuration: values.budgetDuration,
    allowedModels: values.choices.allowedModels === 'all' ? 'all' : values.models.map(({ id }) => id),
    isActive: values.choices.isActive === 'active',
  };
  return Object.fromEntries(
    touched.map((name) => [name, values.choices[name] === 'clear' ? null : wanted[name]]),
  );
}
