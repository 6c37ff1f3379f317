import AddIcon from '@mui/icons-material/Add';
import { Stack, TextField, Typography } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldName } from '../review/field-values';
import { newTeam, newTeamDefaults } from '../../../shared/contract/teams';
import { useCanWrite } from '../api/app-state';
import { EditPanel, type PanelHandle } from '../forms/edit-panel';
import { LimitField } from '../forms/limit-field';
import { PanelForm } from '../forms/panel-form';
import { ActionButton } from '../forms/action-button';
import { showReview } from '../review/review-store';
import { usePageAction } from '../ui/page-actions';
import { modelIds } from './edit-team';
import { isSomebody } from '../records/people-field';
import { JoiningPeopleField, nobodyJoins, useJoiningPeople } from './joining-people';
import { type ModelsChoice, ModelsField } from '../records/models-field';
import { PeriodField } from '../records/period-field';

interface Draft {
  readonly name: string;
  readonly description: string;
  readonly maxBudget: string | null;
  readonly budgetDuration: string;
  readonly tpmLimit: string | null;
  readonly rpmLimit: string | null;
  readonly allowedModels: ModelsChoice;
}

/** A team without a list names its models first: all of them is a choice, and no default. */
const emptyDraft: Draft = { ...newTeamDefaults, name: '', description: '', allowedModels: [] };

/** Opens the panel in which a team is described; in a read-only workspace it says why it can't. */
export function NewTeamButton(): ReactElement {
  const { t } = useTranslation();
  const canWrite = useCanWrite();
  const [isOpen, setIsOpen] = useState(false);
  usePageAction('newTeam', canWrite ? () => setIsOpen(true) : undefined);
  return (
    <>
      <ActionButton
        variant="contained"
        startIcon={<AddIcon />}
        obstacle={canWrite ? undefined : t('teams.edit.readOnly')}
        onClick={() => setIsOpen(true)}
      >
        {t('teams.create.button')}
      </ActionButton>
      <EditPanel title={t('teams.create.button')} open={isOpen} onClose={() => setIsOpen(false)}>
        {(panel) => <CreateForm {...panel} />}
      </EditPanel>
    </>
  );
}

function CreateForm({ setDirty, cancel, close }: PanelHandle): ReactElement {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(emptyDraft);
  const [people, setPeople] = useState(nobodyJoins);
  const picked = useJoiningPeople(people);
  const [wrong, setWrong] = useState<ReadonlySet<string>>(new Set());
  const set = (change: Partial<Draft>): void => {
    setDraft({ ...draft, ...change });
    setWrong(new Set([...wrong].filter((field) => !(field in change))));
    setDirty(true);
  };
  const maySubmit = draft.name.trim() !== '' && picked.isSettled && !picked.isCut;
  const review = (): void => {
    if (!maySubmit) return;
    const checked = newTeam.safeParse({
      ...draft,
      alias: null,
      description: draft.description.trim() === '' ? null : draft.description,
      allowedModels: modelIds(draft.allowedModels),
    });
    if (!checked.success) {
      setWrong(new Set(checked.error.issues.map(({ path }) => String(path[0]))));
      return;
    }
    showReview({
      verb: 'newTeam',
      request: {
        area: 'teams',
        procedure: 'previewCreate',
        input: { team: checked.data, members: [...picked.members] },
      },
      title: t('teams.create.title', { name: checked.data.name }),
      onDone: close,
    });
  };
  const help = (name: string): string | undefined => {
    if (!wrong.has(name)) return undefined;
    return t(name === 'description' ? 'edit.description.wrong' : 'common.invalid');
  };
  return (
    <PanelForm
      submitLabel={t(maySubmit ? 'teams.create.review' : 'teams.create.nothing')}
      maySubmit={maySubmit}
      onSubmit={review}
      onCancel={cancel}
    >
      <Stack sx={{ gap: 2.5, px: 1.5 }}>
        {(['name', 'description'] as const).map((name) => (
          <TextField
            key={name}
            fullWidth
            label={fieldName(t, name)}
            value={draft[name]}
            error={wrong.has(name)}
            helperText={help(name)}
            onChange={(event) => set({ [name]: event.target.value })}
            slotProps={{ htmlInput: { maxLength: 255, autoComplete: 'off', dir: 'auto' } }}
          />
        ))}
        <ModelsField
          value={draft.allowedModels}
          onChange={(allowedModels) => set({ allowedModels })}
          isWrong={wrong.has('allowedModels')}
        />
        <LimitField
          label={fieldName(t, 'maxBudget')}
          value={draft.maxBudget}
          onChange={(maxBudget) => set({ maxBudget })}
          isWrong={wrong.has('maxBudget')}
          helperText={help('maxBudget')}
        />
        <PeriodField
          label={fieldName(t, 'budgetDuration')}
          value={draft.budgetDuration}
          onChange={(budgetDuration) => set({ budgetDuration })}
          isWrong={wrong.has('budgetDuration')}
        />
        {(['tpmLimit', 'rpmLimit'] as const).map((name) => (
          <LimitField
            key={name}
            label={fieldName(t, name)}
            value={draft[name]}
            onChange={(value) => set({ [name]: value })}
            isWrong={wrong.has(name)}
            helperText={help(name)}
          />
        ))}
        <Typography variant="h3">{t('teams.column.members')}</Typography>
        <JoiningPeopleField
          people={people}
          picked={picked}
          onChange={(next) => {
            setPeople(next);
            setDirty(draft.name !== '' || isSomebody(next));
          }}
        />
      </Stack>
    </PanelForm>
  );
}
