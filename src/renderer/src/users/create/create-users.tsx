import { Alert, Stack } from '@mui/material';
import { useEffect, useEffectEvent, type ReactElement } from 'react';
import { FormProvider, useForm, useFormContext, type UseFormReturn, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import {
  mostSubscribedModels,
  mostSubscribers,
  type SubscriptionTerms,
} from '../../../../shared/contract/subscriptions';
import { ChoiceGroup } from '../../forms/choice-group';
import { EditPanel, type PanelHandle } from '../../forms/edit-panel';
import { PanelForm } from '../../forms/panel-form';
import { showReview } from '../../review/review-store';
import { formatCount } from '../../ui/format';
import { useTermsForm } from '../../subscriptions/terms-fields';
import { reviewUserEdits } from '../review-users';
import { checkDraft, differs, emptyDraft, onePerson, sharedOf, type Draft } from './draft';
import { PastedFields } from './pasted-fields';
import { PersonFields } from './person-fields';
import { SharedFields } from './shared-fields';
import { SubscribedFields } from './subscribed-fields';
import { usePastedPeople } from './use-pasted-people';

interface CreateUsersProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** The panel in which one user is described, or many are pasted, before they are reviewed and created. */
export function CreateUsers({ open, onClose }: CreateUsersProps): ReactElement {
  const { t } = useTranslation();
  // Looking at those who are there already only hides the panel.
  const form = useForm<Draft>({ defaultValues: emptyDraft, resolver: checkDraft });
  const terms = useTermsForm();
  const end = (): void => {
    form.reset(emptyDraft);
    terms.reset();
    onClose();
  };
  return (
    <EditPanel title={t('users.create.title')} open={open} onClose={end}>
      {(panel) => (
        <FormProvider {...form}>
          <CreateForm {...panel} terms={terms} onHide={onClose} />
        </FormProvider>
      )}
    </EditPanel>
  );
}

interface CreateFormProps extends PanelHandle {
  readonly terms: UseFormReturn<SubscriptionTerms>;
  readonly onHide: () => void;
}

function CreateForm({ setDirty, cancel, close, terms, onHide }: CreateFormProps): ReactElement {
  const { t } = useTranslation();
  const form = useFormContext<Draft>();
  // Every field has a value from the beginning.
  const draft = useWatch({ control: form.control }) as Draft;
  const pasted = usePastedPeople(draft.text, draft.usernameRule);
  const isList = draft.how === 'list';
  const isDirty = differs(draft);
  const tellDirty = useEffectEvent(setDirty);
  useEffect(() => tellDirty(isDirty), [isDirty]);
  const set = (change: Partial<Draft>): void => {
    for (const [name, value] of Object.entries(change)) form.setValue(name as keyof Draft, value);
  };
  const people = isList
    ? pasted.fresh.map((person) => ({ ...sharedOf(draft), ...person }))
    : [onePerson(draft)];
  const areTooMany =
    draft.models.length > mostSubscribedModels ||
    people.length * draft.models.length > mostSubscribers * mostSubscribedModels;
  const mayReview = !areTooMany && (isList ? pasted.isSettled && people.length > 0 : isDirty);
  const review = async (): Promise<void> => {
    const isSubscribing = draft.models.length > 0;
    if (isSubscribing && !(await terms.trigger())) return;
    const { teamId: _, ...given } = terms.getValues();
    const count = people.length;
    showReview({
      request: {
        area: 'users',
        procedure: 'previewCreate',
        input: {
          people,
          teams: draft.teams.map(({ id, role }) => ({ id, role })),
          subscriptions: isSubscribing ? { modelIds: draft.models.map(({ id }) => id), terms: given } : null,
        },
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
    reviewUserEdits({ edits, title: t('users.bulk.reviewTitle', counted), seen: undefined, onDone });
  };
  return (
    <PanelForm
      submitLabel={
        mayReview
          ? t('users.create.review', { count: people.length, formatted: formatCount(people.length) })
          : t(isList ? 'users.create.nobody' : 'users.create.nothing')
      }
      maySubmit={mayReview}
      onSubmit={() => {
        if (mayReview) void form.handleSubmit(review)();
      }}
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
          <PersonFields />
        )}
        <SharedFields draft={draft} onChange={set} />
        <SubscribedFields draft={draft} onChange={set} terms={terms} />
        {areTooMany && (
          <Alert severity="error">
            {t('users.create.tooManySubscriptions', {
              models: formatCount(mostSubscribedModels),
              count: mostSubscribers * mostSubscribedModels,
              formatted: formatCount(mostSubscribers * mostSubscribedModels),
            })}
          </Alert>
        )}
      </Stack>
    </PanelForm>
  );
}
