import { Alert, Stack, Typography } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { mostSelectedRecords } from '../../../shared/contract/changes';
import type { Contract, InputOf } from '../../../shared/contract/index';
import type { Reference } from '../../../shared/contract/values';
import { ChoiceGroup } from '../forms/choice-group';
import { EditPanel, type PanelHandle } from '../forms/edit-panel';
import { PanelForm } from '../forms/panel-form';
import { OptionsFilter } from '../lists/options-filter';
import { FoundRecordsField } from '../records/found-records-field';
import { emptyPeople, PeopleField, usePickedPeople } from '../records/people-field';
import { showReview } from '../review/review-store';
import { formatCount } from '../ui/format';
import { visibleName } from '../ui/visible-name';

interface ReplaceModelProps {
  /** The model that is replaced; NULL: closed. */
  readonly model: Reference | null;
  readonly onClose: () => void;
}

/** The panel in which it is said by which model another one is replaced, and for whom. */
export function ReplaceModel({ model, onClose }: ReplaceModelProps): ReactElement {
  const { t } = useTranslation();
  const name = model === null ? '' : visibleName(model.label);
  return (
    <EditPanel title={t('models.replace.title', { name })} open={model !== null} onClose={onClose}>
      {(panel) => model !== null && <ReplaceForm model={model} {...panel} />}
    </EditPanel>
  );
}

type Whose = InputOf<Contract['models']['previewReplace']>['whose'];

const scopes = ['everybody', 'people', 'teams'] as const;
type Scope = (typeof scopes)[number];

function ReplaceForm({
  model,
  setDirty,
  cancel,
  close,
}: PanelHandle & { readonly model: Reference }): ReactElement {
  const { t } = useTranslation();
  const [byModelId, setByModelId] = useState<string>();
  const [scope, setScope] = useState<Scope>('everybody');
  const [people, setPeople] = useState(emptyPeople);
  const [teams, setTeams] = useState<readonly Reference[]>([]);
  const picked = usePickedPeople(people);
  const isSame = byModelId === model.id;
  const isPicked = picked.isSettled && !picked.isCut;
  const whose = whoseOf(scope, isPicked ? picked.userIds : [], teams);
  const areTooMany = Math.max(picked.userIds.length, teams.length) > mostSelectedRecords;
  const maySubmit = byModelId !== undefined && !isSame && whose !== null && !areTooMany;
  const review = (): void => {
    if (byModelId === undefined || whose === null || !maySubmit) return;
    showReview({
      verb: 'replaceModel',
      request: {
        area: 'models',
        procedure: 'previewReplace',
        input: { modelId: model.id, byModelId, whose },
      },
      title: t('models.replace.title', { name: visibleName(model.label) }),
      onDone: close,
    });
  };
  return (
    <PanelForm
      submitLabel={maySubmit ? t('models.replace.review') : t('models.replace.nothing')}
      maySubmit={maySubmit}
      onSubmit={review}
      onCancel={cancel}
    >
      <Stack sx={{ gap: 2.5, px: 1.5 }} onChange={() => setDirty(true)}>
        <Typography variant="body2">{t('models.replace.help')}</Typography>
        <OptionsFilter
          area="models"
          label={t('models.replace.by')}
          value={byModelId}
          onChange={(id) => {
            setByModelId(id);
            setDirty(true);
          }}
          whenNone={t('models.replace.choose')}
        />
        {isSame && <Alert severity="error">{t('models.replace.same')}</Alert>}
        <ChoiceGroup
          label={t('models.replace.whose')}
          name="whose"
          value={scope}
          choices={scopes.map((value) => ({
            value,
            label: t(`models.replace.scope.${value}`),
            ...(value === 'teams' ? { help: t('models.replace.teamsHelp') } : {}),
          }))}
          onChange={setScope}
        />
        {scope === 'people' && (
          <PeopleField
            people={people}
            picked={picked}
            onChange={(next) => {
              setPeople({ ...people, ...next });
              setDirty(true);
            }}
          />
        )}
        {scope === 'teams' && (
          <FoundRecordsField
            area="teams"
            label={t('models.replace.teams')}
            chosen={teams}
            toChosen={(team) => team}
            onChange={(next) => {
              setTeams(next);
              setDirty(true);
            }}
          />
        )}
        {areTooMany && (
          <Alert severity="error">
            {t('models.replace.tooMany', { formatted: formatCount(mostSelectedRecords) })}
          </Alert>
        )}
      </Stack>
    </PanelForm>
  );
}

/** Whose subscriptions and keys are meant; NULL while nobody is chosen. */
function whoseOf(scope: Scope, userIds: readonly string[], teams: readonly Reference[]): Whose | null {
  if (scope === 'everybody') return 'everybody';
  if (scope === 'people') return userIds.length > 0 ? { userIds: [...userIds] } : null;
  return teams.length > 0 ? { teamIds: teams.map(({ id }) => id) } : null;
}
