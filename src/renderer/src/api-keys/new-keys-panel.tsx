import { Alert, Stack } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { FormProvider, useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { mostNewKeys, newApiKeys } from '../../../shared/contract/api-keys';
import type { Contract, InputOf } from '../../../shared/contract/index';
import type { Reference } from '../../../shared/contract/values';
import { EditPanel, type PanelHandle } from '../forms/edit-panel';
import { errorsOf } from '../forms/errors-of';
import { FormInput } from '../forms/form-input';
import { FormText } from '../forms/form-fields';
import { PanelForm } from '../forms/panel-form';
import { OptionsFilter } from '../lists/options-filter';
import { emptyPeople, PeopleField, usePickedPeople } from '../records/people-field';
import { fieldName } from '../review/field-values';
import { formatCount } from '../ui/format';
import { emptyTerms, type KeyTerms, KeyTermsFields, termsOf } from './key-terms-fields';
import { NewKeysPreview } from './new-keys-preview';

interface Draft extends KeyTerms {
  readonly pattern: string;
}

type Wish = InputOf<Contract['apiKeys']['createMany']>;

interface NewKeysProps {
  /** Whom it begins with; NULL: closed. */
  readonly people: readonly Reference[] | null;
  readonly onClose: () => void;
  /** The file was chosen. */
  readonly onDone?: (() => void) | undefined;
}

/** The panel in which several people get a key each: described once, seen who gets one, made into one file. */
export function NewKeys({ people, onClose, onDone }: NewKeysProps): ReactElement {
  const { t } = useTranslation();
  return (
    <EditPanel title={t('apiKeys.many.title')} open={people !== null} onClose={onClose}>
      {(panel) => people !== null && <KeysForm people={people} onDone={onDone} {...panel} />}
    </EditPanel>
  );
}

interface KeysFormProps extends PanelHandle {
  readonly people: readonly Reference[];
  readonly onDone: (() => void) | undefined;
}

function KeysForm({ people: chosen, onDone, ...panel }: KeysFormProps): ReactElement {
  const { t } = useTranslation();
  const [people, setPeople] = useState({ ...emptyPeople, found: chosen });
  const [wish, setWish] = useState<Wish | null>(null);
  const picked = usePickedPeople(people);
  const count = picked.userIds.length;
  const wishOf = ({ pattern, ...terms }: Draft): Wish => ({
    ...termsOf(terms),
    ...{ pattern, userIds: [...picked.userIds] },
  });
  const form = useForm<Draft>({
    defaultValues: { ...emptyTerms, pattern: '{username}-key' },
    resolver: (draft) => {
      const { error } = newApiKeys.safeParse(wishOf(draft));
      return error === undefined
        ? { values: draft, errors: {} }
        : { values: {}, errors: errorsOf<Draft>(error) };
    },
  });
  const maySubmit = picked.isSettled && !picked.isCut && count > 0 && count <= mostNewKeys;
  if (wish !== null) {
    return <NewKeysPreview wish={wish} onBack={() => setWish(null)} onDone={onDone} {...panel} />;
  }
  return (
    <FormProvider {...form}>
      <PanelForm
        submitLabel={t(maySubmit ? 'apiKeys.many.preview' : 'apiKeys.many.nobody')}
        maySubmit={maySubmit}
        onSubmit={() => {
          if (maySubmit) void form.handleSubmit((draft) => setWish(wishOf(draft)))();
        }}
        onCancel={panel.cancel}
      >
        <Stack sx={{ gap: 2.5, px: 1.5 }} onChange={() => panel.setDirty(true)}>
          <PeopleField
            people={people}
            picked={picked}
            onChange={(next) => {
              setPeople({ ...people, ...next });
              panel.setDirty(true);
            }}
          />
          {count > mostNewKeys && (
            <Alert severity="error">
              {t('apiKeys.many.tooMany', { formatted: formatCount(mostNewKeys) })}
            </Alert>
          )}
          <FormText<Draft>
            name="pattern"
            label={t('apiKeys.many.pattern')}
            help={t('apiKeys.many.patternHelp')}
          />
          <KeyTermsFields
            team={
              <FormInput<Draft, 'teamId'> name="teamId">
                {({ value, onChange }) => (
                  <OptionsFilter
                    area="teams"
                    label={fieldName(t, 'teamId')}
                    whenNone={t('common.none')}
                    value={value ?? undefined}
                    onChange={(teamId) => {
                      onChange(teamId ?? null);
                      panel.setDirty(true);
                    }}
                  />
                )}
              </FormInput>
            }
          />
          <Alert severity="info">{t('apiKeys.many.how')}</Alert>
        </Stack>
      </PanelForm>
    </FormProvider>
  );
}
