import { Alert, Stack, Typography } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { FormProvider } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import {
  mostSubscribedModels,
  mostSubscribers,
  type SubscriptionTerms,
} from '../../../shared/contract/subscriptions';
import type { Reference } from '../../../shared/contract/values';
import { EditPanel, type PanelHandle } from '../forms/edit-panel';
import { PanelForm } from '../forms/panel-form';
import { FoundRecordsField } from '../records/found-records-field';
import { emptyPeople, PeopleField, usePickedPeople } from '../records/people-field';
import { showReview } from '../review/review-store';
import { formatCount } from '../ui/format';
import { TermsFields, useTermsForm } from './terms-fields';

/** Whom and what a panel of new subscriptions begins with. */
export interface SubscriptionWish {
  readonly users: readonly Reference[];
  readonly models: readonly Reference[];
}

interface NewSubscriptionsProps {
  /** NULL: closed. */
  readonly wish: SubscriptionWish | null;
  readonly onClose: () => void;
  /** They were opened, or some of them. */
  readonly onDone?: () => void;
}

/** The panel in which people are subscribed to models, each of the ones to each of the others on the same terms. */
export function NewSubscriptions({ wish, onClose, onDone }: NewSubscriptionsProps): ReactElement {
  const { t } = useTranslation();
  return (
    <EditPanel title={t('subscriptions.create.title')} open={wish !== null} onClose={onClose}>
      {(panel) => wish !== null && <CreateForm wish={wish} onDone={onDone} {...panel} />}
    </EditPanel>
  );
}

interface CreateFormProps extends PanelHandle {
  readonly wish: SubscriptionWish;
  readonly onDone: (() => void) | undefined;
}

function CreateForm({ wish, onDone, setDirty, cancel, close }: CreateFormProps): ReactElement {
  const { t } = useTranslation();
  const [people, setPeople] = useState({ ...emptyPeople, found: wish.users });
  const [models, setModels] = useState(wish.models);
  const picked = usePickedPeople(people);
  const form = useTermsForm();
  const { userIds } = picked;
  const areTooMany = userIds.length > mostSubscribers || models.length > mostSubscribedModels;
  const count = userIds.length * models.length;
  const counted = { count, formatted: formatCount(count) };
  const maySubmit = picked.isSettled && !picked.isCut && count > 0 && !areTooMany;
  const review = (terms: SubscriptionTerms): void =>
    showReview({
      verb: 'newSubscriptions',
      request: {
        area: 'subscriptions',
        procedure: 'previewCreate',
        input: { userIds: [...userIds], modelIds: models.map(({ id }) => id), terms },
      },
      title: t('subscriptions.create.reviewTitle', {
        people: formatCount(userIds.length),
        models: formatCount(models.length),
      }),
      onDone: () => {
        close();
        onDone?.();
      },
    });
  return (
    <FormProvider {...form}>
      <PanelForm
        submitLabel={
          maySubmit ? t('subscriptions.create.review', counted) : t('subscriptions.create.nothing')
        }
        maySubmit={maySubmit}
        onSubmit={() => {
          if (maySubmit) void form.handleSubmit(review)();
        }}
        onCancel={cancel}
      >
        <Stack sx={{ gap: 2.5, px: 1.5 }} onChange={() => setDirty(true)}>
          <PeopleField
            people={people}
            picked={picked}
            onChange={(next) => {
              setPeople({ ...people, ...next });
              setDirty(true);
            }}
          />
          <FoundRecordsField
            area="models"
            label={t('subscriptions.create.models')}
            chosen={models}
            toChosen={(model) => model}
            onChange={(next) => {
              setModels(next);
              setDirty(true);
            }}
          />
          {areTooMany && (
            <Alert severity="error">
              {t('subscriptions.create.tooMany', {
                people: formatCount(mostSubscribers),
                models: formatCount(mostSubscribedModels),
              })}
            </Alert>
          )}
          <Typography variant="h3">{t('subscriptions.create.terms')}</Typography>
          <TermsFields />
        </Stack>
      </PanelForm>
    </FormProvider>
  );
}
