import { TextField, Typography } from '@mui/material';
import { useState, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type * as z from 'zod';
import type { ChangeValue } from '../../../shared/contract/changes';
import { BulkField, type BulkChoice } from '../forms/bulk-field';
import { EditPanel } from '../forms/edit-panel';
import { PanelForm } from '../forms/panel-form';
import { formatCount } from '../ui/format';
import { BulkNow } from './bulk-now';

/** What the input of a field is told. */
interface BulkInput<Value> {
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly isWrong: boolean;
}

/** A field of a panel for several records. */
export interface BulkFieldOf<Row> {
  /** As the contract calls it. */
  readonly name: string;
  readonly label: string;
  readonly options: readonly BulkChoice[];
  /** What a row of the list has; undefined where it does not say. */
  readonly seen: (row: Row) => ChangeValue | undefined;
  readonly first: unknown;
  readonly input: (props: BulkInput<unknown>) => ReactNode;
  /** What is typed or picked, as the contract takes it. */
  readonly toWanted: (value: unknown) => unknown;
}

interface ValueField<Row, Value> extends Pick<BulkFieldOf<Row>, 'name' | 'label' | 'seen'> {
  /** Other choices than leaving it and setting it. */
  readonly besides?: readonly BulkChoice[];
  /** What the input begins with. */
  readonly first: Value;
  readonly input: (props: BulkInput<Value>) => ReactNode;
  readonly toWanted?: (value: Value) => unknown;
}

/** A field whose value is given in an input. */
export function bulkValue<Row, Value>(field: ValueField<Row, Value>): BulkFieldOf<Row> {
  const { besides = [], input, toWanted = (value: Value): unknown => value, ...rest } = field;
  // A value comes from this field's own input, or is the first one.
  return {
    ...rest,
    options: ['leave', 'set', ...besides],
    input: (props) => input(props as BulkInput<Value>),
    toWanted: (value) => toWanted(value as Value),
  };
}

/** A ceiling: an amount or a count, or none at all. */
export function bulkLimit<Row>(field: Pick<BulkFieldOf<Row>, 'name' | 'label' | 'seen'>): BulkFieldOf<Row> {
  return bulkValue<Row, string>({
    ...field,
    besides: ['clear'],
    first: '',
    input: (props) => <AmountInput {...props} />,
  });
}

/** Whether the records are active. */
export function bulkState<Row extends { readonly isActive: boolean }>(label: string): BulkFieldOf<Row> {
  return {
    name: 'isActive',
    label,
    options: ['leave', 'active', 'inactive'],
    seen: (row) => row.isActive,
    first: null,
    input: () => null,
    toWanted: () => undefined,
  };
}

function AmountInput({ label, value, onChange, isWrong }: BulkInput<string>): ReactElement {
  const { t } = useTranslation();
  return (
    <TextField
      fullWidth
      label={label}
      value={value}
      error={isWrong}
      helperText={isWrong ? t('common.invalid') : undefined}
      onChange={(event) => onChange(event.target.value)}
      slotProps={{ htmlInput: { inputMode: 'decimal', autoComplete: 'off' } }}
    />
  );
}

/** Which records a panel is about, as they were when it was opened. */
interface Edited<Row> {
  readonly count: number;
  /** Those that were seen; none where a filter finds them. */
  readonly rows: ReadonlyMap<string, Row>;
}

interface BulkEditPanelProps<Row, Of extends Edited<Row>, Changes> {
  /** NULL: closed. */
  readonly of: Of | null;
  readonly title: (of: Of) => string;
  /** What is said before the fields. */
  readonly help: (of: Of) => string;
  readonly fields: readonly BulkFieldOf<Row>[];
  /** What may be wanted. What it finds wrong is said at the field of the same name. */
  readonly schema: z.ZodType<Changes>;
  readonly onReview: (of: Of, changes: Changes, onDone: () => void) => void;
  readonly onClose: () => void;
  /** They were changed, or some of them. */
  readonly onDone: () => void;
}

/** The panel in which several records are given the same values; what is left as it is stays different where it is. */
export function BulkEditPanel<Row, Of extends Edited<Row>, Changes>(
  props: BulkEditPanelProps<Row, Of, Changes>,
): ReactElement {
  const { of, title, onClose, onDone } = props;
  // What it is about stays while the panel goes away.
  const [shown, setShown] = useState(of);
  if (of !== null && of !== shown) setShown(of);
  return (
    <EditPanel title={shown === null ? '' : title(shown)} open={of !== null} onClose={onClose}>
      {({ setDirty, cancel, close }) =>
        shown !== null && (
          <BulkForm
            {...props}
            of={shown}
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

interface BulkFormProps<Row, Of extends Edited<Row>, Changes> extends BulkEditPanelProps<Row, Of, Changes> {
  readonly of: Of;
  readonly onDirty: (isDirty: boolean) => void;
  readonly onCancel: () => void;
}

function BulkForm<Row, Of extends Edited<Row>, Changes>({
  of,
  help,
  fields,
  schema,
  onReview,
  onDirty,
  onCancel,
  onDone,
}: BulkFormProps<Row, Of, Changes>): ReactElement {
  const { t } = useTranslation();
  const [choices, setChoices] = useState<ReadonlyMap<string, BulkChoice>>(new Map());
  const [values, setValues] = useState<ReadonlyMap<string, unknown>>(new Map());
  const [wrong, setWrong] = useState<ReadonlySet<string>>(new Set());
  const choiceOf = (name: string): BulkChoice => choices.get(name) ?? 'leave';
  const valueOf = ({ name, first }: BulkFieldOf<Row>): unknown =>
    values.has(name) ? values.get(name) : first;
  const touched = fields.filter(({ name }) => choiceOf(name) !== 'leave');
  const mend = (name: string): void => setWrong(new Set([...wrong].filter((other) => other !== name)));
  const choose = (name: string, choice: BulkChoice): void => {
    setChoices(new Map(choices).set(name, choice));
    mend(name);
    onDirty(choice !== 'leave' || touched.some((other) => other.name !== name));
  };
  const review = (): void => {
    const wanted = touched.map((field) => [
      field.name,
      wantedOf(choiceOf(field.name), () => field.toWanted(valueOf(field))),
    ]);
    const checked = schema.safeParse(Object.fromEntries(wanted));
    if (!checked.success) {
      setWrong(new Set(checked.error.issues.map(({ path }) => String(path[0]))));
      return;
    }
    if (touched.length > 0) onReview(of, checked.data, onDone);
  };
  return (
    <PanelForm
      submitLabel={
        touched.length === 0
          ? t('edit.bulk.nothing')
          : t('edit.review', { count: touched.length, formatted: formatCount(touched.length) })
      }
      maySubmit={touched.length > 0}
      onSubmit={review}
      onCancel={onCancel}
    >
      <Typography variant="body2" sx={{ px: 1.5, color: 'text.secondary' }}>
        {help(of)}
      </Typography>
      {fields.map((field) => (
        <BulkField
          key={field.name}
          label={field.label}
          choice={choiceOf(field.name)}
          options={field.options}
          onChoose={(choice) => choose(field.name, choice)}
          now={<BulkNow field={field.name} values={seenValues(field, of.rows)} />}
        >
          {field.input({
            label: t('edit.bulk.newValue', { field: field.label }),
            value: valueOf(field),
            isWrong: wrong.has(field.name),
            onChange: (value) => {
              setValues(new Map(values).set(field.name, value));
              mend(field.name);
            },
          })}
        </BulkField>
      ))}
    </PanelForm>
  );
}

/** What is to be set, as the contract takes it, unchecked: null is unlimited. */
function wantedOf(choice: BulkChoice, value: () => unknown): unknown {
  if (choice === 'clear' || choice === 'never' || choice === 'none') return null;
  if (choice === 'all') return 'all';
  if (choice === 'active' || choice === 'inactive') return choice === 'active';
  return value();
}

function seenValues<Row>({ seen }: BulkFieldOf<Row>, rows: ReadonlyMap<string, Row>): readonly ChangeValue[] {
  return [...rows.values()].flatMap((row) => {
    const value = seen(row);
    return value === undefined ? [] : [value];
  });
}
