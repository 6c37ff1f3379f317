import AddIcon from '@mui/icons-material/Add';
import { Autocomplete, Stack, TextField } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { newModel } from '../../../shared/contract/models';
import { useCanWrite, useWorkspace } from '../api/app-state';
import { useProcedureQuery } from '../api/use-procedure';
import { ActionButton } from '../forms/action-button';
import { EditPanel, type PanelHandle } from '../forms/edit-panel';
import { PanelForm } from '../forms/panel-form';
import { fieldName } from '../review/field-values';
import { showReview } from '../review/review-store';
import { usePageAction } from '../ui/page-actions';
import { visibleName } from '../ui/visible-name';
import { capabilityLabel } from './capability-label';
import { PriceFields, pricePerToken } from './price-fields';

const textFields = ['name', 'provider', 'description', 'contextLength', 'maxTokens'] as const;

const emptyDraft = {
  ...{ id: '', name: '', provider: '', description: '', contextLength: '', maxTokens: '' },
  capabilities: [] as readonly string[],
  prices: { input: '', output: '' },
};

/** Opens the panel in which a model is described; where a proxy is linked it says where models are made. */
export function NewModelButton(): ReactElement {
  const { t } = useTranslation();
  const canWrite = useCanWrite();
  const isLinked = useWorkspace()?.litellmLinked === true;
  const [isOpen, setIsOpen] = useState(false);
  const mayCreate = canWrite && !isLinked;
  usePageAction('newModel', mayCreate ? () => setIsOpen(true) : undefined);
  const obstacle = isLinked ? t('models.create.linked') : t('models.edit.readOnly');
  return (
    <>
      <ActionButton
        variant="contained"
        startIcon={<AddIcon />}
        obstacle={mayCreate ? undefined : obstacle}
        onClick={() => setIsOpen(true)}
      >
        {t('models.create.button')}
      </ActionButton>
      <EditPanel title={t('models.create.button')} open={isOpen} onClose={() => setIsOpen(false)}>
        {(panel) => <CreateForm {...panel} />}
      </EditPanel>
    </>
  );
}

function CreateForm({ setDirty, cancel, close }: PanelHandle): ReactElement {
  const { t } = useTranslation();
  const known = useProcedureQuery('models', 'choices', {}).data?.capabilities ?? [];
  const [draft, setDraft] = useState(emptyDraft);
  const [wrong, setWrong] = useState<ReadonlySet<string>>(new Set());
  const [isChecked, setIsChecked] = useState(false);
  const set = (change: Partial<typeof emptyDraft>): void => {
    setDraft({ ...draft, ...change });
    setWrong(new Set([...wrong].filter((field) => !(field in change))));
    setDirty(true);
  };
  const maySubmit = [draft.id, draft.name, draft.provider].every((text) => text.trim() !== '');
  const review = (): void => {
    if (!maySubmit) return;
    setIsChecked(true);
    const { prices, ...fields } = draft;
    const checked = newModel.safeParse({
      ...fields,
      ...{ description: given(draft.description), capabilities: [...draft.capabilities] },
      ...{ contextLength: given(draft.contextLength), maxTokens: given(draft.maxTokens) },
      inputPricePerToken: pricePerToken(prices.input),
      outputPricePerToken: pricePerToken(prices.output),
    });
    if (!checked.success) {
      setWrong(new Set(checked.error.issues.map(({ path }) => String(path[0]))));
      return;
    }
    showReview({
      request: { area: 'models', procedure: 'previewCreate', input: { model: checked.data } },
      verb: 'newModel',
      title: t('models.create.title', { name: visibleName(checked.data.name) }),
      onDone: close,
    });
  };
  const help = (name: (typeof textFields)[number]): string | undefined => {
    if (wrong.has(name)) return t(name === 'description' ? 'edit.description.wrong' : 'common.invalid');
    return name === 'contextLength' || name === 'maxTokens' ? t('models.edit.unknownHelp') : undefined;
  };
  return (
    <PanelForm
      submitLabel={t(maySubmit ? 'models.create.review' : 'models.create.nothing')}
      maySubmit={maySubmit}
      onSubmit={review}
      onCancel={cancel}
    >
      <Stack sx={{ gap: 2.5, px: 1.5 }}>
        <TextField
          fullWidth
          label={t('models.create.id')}
          value={draft.id}
          error={wrong.has('id')}
          helperText={t(wrong.has('id') ? 'common.invalid' : 'models.create.idHelp')}
          onChange={(event) => set({ id: event.target.value })}
          slotProps={{ htmlInput: { maxLength: 255, autoComplete: 'off', spellCheck: false } }}
        />
        {textFields.map((name) => (
          <TextField
            key={name}
            fullWidth
            label={fieldName(t, name)}
            value={draft[name]}
            error={wrong.has(name)}
            helperText={help(name)}
            onChange={(event) => set({ [name]: event.target.value })}
            slotProps={{ htmlInput: { autoComplete: 'off', dir: 'auto' } }}
          />
        ))}
        <Autocomplete
          multiple
          freeSolo
          options={[...known]}
          value={[...draft.capabilities]}
          getOptionLabel={(name) => capabilityLabel(t, name)}
          onChange={(_event, names) => set({ capabilities: [...new Set(names.map((name) => name.trim()))] })}
          renderInput={(params) => (
            <TextField
              {...params}
              label={fieldName(t, 'capabilities')}
              error={wrong.has('capabilities')}
              helperText={t(wrong.has('capabilities') ? 'common.invalid' : 'models.edit.capabilitiesHelp')}
            />
          )}
        />
        <PriceFields prices={draft.prices} isChecked={isChecked} onChange={(prices) => set({ prices })} />
      </Stack>
    </PanelForm>
  );
}

const given = (text: string): string | null => (text.trim() === '' ? null : text.trim());
