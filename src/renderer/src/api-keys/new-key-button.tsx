import AddIcon from '@mui/icons-material/Add';
import { Alert, Box, Button, Stack } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { FormProvider, useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { newApiKey } from '../../../shared/contract/api-keys';
import type { AnswerOf, Contract, InputOf } from '../../../shared/contract/index';
import { useCanWrite, useWorkspace } from '../api/app-state';
import { useProcedureCommand } from '../api/use-procedure';
import { ActionButton } from '../forms/action-button';
import { EditPanel, type PanelHandle } from '../forms/edit-panel';
import { errorsOf } from '../forms/errors-of';
import { FormInput } from '../forms/form-input';
import { FormText } from '../forms/form-fields';
import { PanelForm } from '../forms/panel-form';
import { OptionsFilter } from '../lists/options-filter';
import { fieldName } from '../review/field-values';
import { usePageAction } from '../ui/page-actions';
import { ErrorState } from '../ui/states';
import { emptyTerms, type KeyTerms, KeyTermsFields, termsOf } from './key-terms-fields';
import { KeyValueDialog } from './key-value-dialog';
import { NewKeys } from './new-keys-panel';
import { OwnersTeamField } from './owners-team-field';

interface Draft extends KeyTerms {
  readonly userId: string;
  readonly name: string;
  readonly alias: string;
}

const emptyDraft: Draft = { ...emptyTerms, userId: '', name: '', alias: '' };

/** A value that was just made, and what is told beside it. */
interface Made {
  readonly key: AnswerOf<Contract['apiKeys']['create']>;
  readonly model: string;
  readonly isKept: boolean;
}

/** Opens the panel in which a key is described; where none can be made it says why. */
export function NewKeyButton(): ReactElement {
  const { t } = useTranslation();
  const canWrite = useCanWrite();
  const isLinked = useWorkspace()?.litellmLinked === true;
  const [isOpen, setIsOpen] = useState(false);
  const [areSeveral, setAreSeveral] = useState(false);
  const [made, setMade] = useState<Made | null>(null);
  usePageAction('newApiKey', canWrite && isLinked ? () => setIsOpen(true) : undefined);
  const obstacle = !canWrite
    ? t('apiKeys.edit.readOnly')
    : isLinked
      ? undefined
      : t('apiKeys.create.notLinked');
  return (
    <>
      <ActionButton
        variant="contained"
        startIcon={<AddIcon />}
        obstacle={obstacle}
        onClick={() => setIsOpen(true)}
      >
        {t('apiKeys.create.button')}
      </ActionButton>
      <EditPanel title={t('apiKeys.create.button')} open={isOpen} onClose={() => setIsOpen(false)}>
        {(panel) => <CreateForm {...panel} onMade={setMade} onSeveral={() => setAreSeveral(true)} />}
      </EditPanel>
      <NewKeys people={areSeveral ? [] : null} onClose={() => setAreSeveral(false)} />
      {made !== null && (
        <KeyValueDialog
          title={t('apiKeys.create.madeTitle')}
          warning={t(made.isKept ? 'apiKeys.create.shownHere' : 'apiKeys.create.shownOnce')}
          value={made.key.value}
          baseUrl={made.key.baseUrl}
          model={made.model}
          onClose={() => setMade(null)}
        />
      )}
    </>
  );
}

interface CreateFormProps extends PanelHandle {
  readonly onMade: (made: Made) => void;
  /** Several people are to get one. */
  readonly onSeveral: () => void;
}

function CreateForm({ setDirty, cancel, close, onMade, onSeveral }: CreateFormProps): ReactElement {
  const { t } = useTranslation();
  const form = useForm<Draft>({
    defaultValues: emptyDraft,
    resolver: (draft) => {
      const { error } = newApiKey.safeParse(wishOf(draft));
      return error === undefined
        ? { values: draft, errors: {} }
        : { values: {}, errors: errorsOf<Draft>(error) };
    },
  });
  // Every field has a value from the beginning.
  const draft = useWatch({ control: form.control }) as Draft;
  const create = useProcedureCommand('apiKeys', 'create');
  const maySubmit = draft.userId !== '' && !create.isPending;
  const make = (wanted: Draft): void => {
    create.mutate(wishOf(wanted), {
      onSuccess: (key) => {
        const [first] = wanted.models === 'all' ? [] : wanted.models;
        onMade({ key, model: first?.id ?? t('apiKeys.create.anyModel'), isKept: wanted.keepValue });
        close();
      },
    });
  };
  return (
    <FormProvider {...form}>
      <PanelForm
        submitLabel={t(
          create.isPending
            ? 'apiKeys.create.making'
            : maySubmit
              ? 'apiKeys.create.make'
              : 'apiKeys.create.nobody',
        )}
        maySubmit={maySubmit}
        onSubmit={() => {
          if (maySubmit) void form.handleSubmit(make)();
        }}
        onCancel={cancel}
      >
        <Stack sx={{ gap: 2.5, px: 1.5 }} onChange={() => setDirty(true)}>
          <Box>
            <Button
              size="small"
              onClick={() => {
                close();
                onSeveral();
              }}
            >
              {t('apiKeys.many.several')}
            </Button>
          </Box>
          <OptionsFilter
            area="users"
            label={t('records.user')}
            whenNone={t('common.none')}
            value={draft.userId === '' ? undefined : draft.userId}
            onChange={(userId) => {
              form.setValue('userId', userId ?? '');
              // Another owner is in other teams.
              form.setValue('teamId', null);
              setDirty(userId !== undefined);
            }}
          />
          <FormText<Draft> name="name" label={fieldName(t, 'name')} />
          <FormText<Draft>
            name="alias"
            label={fieldName(t, 'litellmKeyAlias')}
            help={t('apiKeys.create.aliasHelp')}
          />
          <KeyTermsFields
            team={
              <FormInput<Draft, 'teamId'> name="teamId">
                {({ value, onChange, isWrong }) => (
                  <OwnersTeamField
                    label={fieldName(t, 'teamId')}
                    ownerId={draft.userId === '' ? undefined : draft.userId}
                    current={null}
                    value={value}
                    onChange={onChange}
                    isWrong={isWrong}
                  />
                )}
              </FormInput>
            }
          />
          <Alert severity="info">{t('apiKeys.create.how')}</Alert>
          {create.error !== null && <ErrorState error={create.error} title={t('apiKeys.create.failed')} />}
        </Stack>
      </PanelForm>
    </FormProvider>
  );
}

/** As the contract takes it, unchecked: an empty text is none. */
function wishOf({ userId, name, alias, ...terms }: Draft): InputOf<Contract['apiKeys']['create']> {
  const orNone = (text: string): string | null => (text.trim() === '' ? null : text);
  return { ...termsOf(terms), userId, name: orNone(name), alias: orNone(alias) };
}
