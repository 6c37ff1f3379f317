import { Stack } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { newUser, type NewUser } from '../../../../shared/contract/users';
import { ChoiceGroup } from '../../forms/choice-group';
import { EditPanel, type PanelHandle } from '../../forms/edit-panel';
import { PanelForm } from '../../forms/panel-form';
import { showReview } from '../../review/review-store';
import { formatCount } from '../../ui/format';
import { reviewEdits } from '../review-users';
import { localPart } from './new-people';
import { emptyDraft, isDirty, type Draft } from './draft';
import { PastedFields } from './pasted-fields';
import { PersonFields } from './person-fields';
import { SharedFields } from './shared-fields';
import { usePastedPeople } from './use-pasted-people';

interface CreateUsersProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** The panel in which one user is described, or many are pasted, before they are reviewed and created. */
export function CreateUsers({ open, onClose }: CreateUsersProps): ReactElement {
  const { t } = useTranslation();
  // Looking at those who are there already only hides the panel.
  const [draft, setDraft] = useState(emptyDraft);
  const end = (): void => {
    setDraft(emptyDraft);
    onClose();
  };
  return (
    <EditPanel title={t('users.create.title')} open={open} onClose={end}>
      {(panel) => <CreateForm {...panel} draft={draft} setDraft={setDraft} onHide={onClose} />}
    </EditPanel>
  );
}

interface CreateFormProps extends PanelHandle {
  readonly draft: Draft;
  readonly setDraft: (draft: Draft) => void;
  readonly onHide: () => void;
}

function CreateForm({ draft, setDraft, setDirty, cancel, close, onHide }: CreateFormProps): ReactElement {
  const { t } = useTranslation();
  const [wrong, setWrong] = useState<ReadonlySet<string>>(new Set());
  const pasted = usePastedPeople(draft.text, draft.usernameRule);
  const isList = draft.how === 'list';
  const set = (change: Partial<Draft>): void => {
    const next = { ...draft, ...change };
    setDraft(next);
    setWrong(new Set([...wrong].filter((field) => !(field in change))));
    setDirty(isDirty(next));
  };
  const people = isList
    ? pasted.fresh.map((person) => ({ ...sharedOf(draft), ...person }))
    : [onePerson(draft)];
  const mayReview = isList ? pasted.isSettled && people.length > 0 : isDirty(draft);
  const review = (): void => {
    if (!mayReview) return;
    const issues = people.flatMap((person) => newUser.safeParse(person).error?.issues ?? []);
    if (issues.length > 0) {
      setWrong(new Set(issues.map(({ path }) => String(path[0]))));
      return;
    }
    const count = people.length;
    showReview({
      request: {
        kind: 'newUsers',
        input: { people, teams: draft.teams.map(({ id, role }) => ({ id, role })) },
      },
      title: t('users.create.reviewTitle', {
        count,
        formatted: formatCount(count),
        name: people[0]?.username ?? '',
      }),
      onDone: close,
    });
  };
  const reviewKnown = (): void => {
    const { edits } = pasted;
    const counted = { count: edits.length, formatted: formatCount(edits.length) };
    // Whoever is new stays in the panel, to be created after.
    const onDone = (): void => {
      if (pasted.fresh.length === 0) close();
    };
    reviewEdits({ edits, title: t('users.bulk.reviewTitle', counted), seen: undefined, onDone });
  };
  return (
    <PanelForm
      submitLabel={
        mayReview
          ? t('users.create.review', { count: people.length, formatted: formatCount(people.length) })
          : t(isList ? 'users.create.nobody' : 'users.create.nothing')
      }
      maySubmit={mayReview}
      onSubmit={review}
      onCancel={cancel}
    >
      <Stack sx={{ gap: 2.5, px: 1.5 }}>
        <ChoiceGroup
          row
          label={t('users.create.how')}
          name="how"
          value={draft.how}
          choices={[
            { value: 'one', label: t('users.create.one') },
            { value: 'list', label: t('users.create.list') },
          ]}
          onChange={(how) => set({ how })}
        />
        {isList ? (
          <PastedFields
            draft={draft}
            pasted={pasted}
            onChange={set}
            onShowKnown={onHide}
            onReviewKnown={reviewKnown}
          />
        ) : (
          <PersonFields draft={draft} wrong={wrong} onChange={set} />
        )}
        <SharedFields draft={draft} wrong={wrong} onChange={set} />
      </Stack>
    </PanelForm>
  );
}

function sharedOf({ roles, maxBudget, tpmLimit, rpmLimit, oauthProvider }: Draft) {
  return { roles: [...roles], maxBudget, tpmLimit, rpmLimit, oauthProvider };
}

/** An empty field is none; without a username it is the part of the address before the @. */
function onePerson(draft: Draft): NewUser {
  const orNone = (text: string): string | null => (text.trim() === '' ? null : text);
  return {
    ...sharedOf(draft),
    username: draft.username.trim() === '' ? localPart(draft.email) : draft.username,
    email: orNone(draft.email),
    fullName: orNone(draft.fullName),
    oauthId: orNone(draft.oauthId),
  };
}
