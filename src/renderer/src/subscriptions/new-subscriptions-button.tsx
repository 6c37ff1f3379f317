import AddIcon from '@mui/icons-material/Add';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useCanWrite } from '../api/app-state';
import { ActionButton } from '../forms/action-button';
import { usePageAction } from '../ui/page-actions';
import { NewSubscriptions, type SubscriptionWish } from './new-subscriptions';

const nobodyYet: SubscriptionWish = { users: [], models: [] };

/** Opens the panel in which people are subscribed to models; in a read-only workspace it says why it can't. */
export function NewSubscriptionsButton(): ReactElement {
  const { t } = useTranslation();
  const canWrite = useCanWrite();
  const [wish, setWish] = useState<SubscriptionWish | null>(null);
  usePageAction('newSubscriptions', canWrite ? () => setWish(nobodyYet) : undefined);
  return (
    <>
      <ActionButton
        variant="contained"
        startIcon={<AddIcon />}
        obstacle={canWrite ? undefined : t('subscriptions.edit.readOnly')}
        onClick={() => setWish(nobodyYet)}
      >
        {t('subscriptions.create.button')}
      </ActionButton>
      <NewSubscriptions wish={wish} onClose={() => setWish(null)} />
    </>
  );
}

/** A way to subscribe the person, or to the model, that a page is about. */
export function SubscribeButton(wish: SubscriptionWish): ReactElement {
  const { t } = useTranslation();
  const canWrite = useCanWrite();
  const [isOpen, setIsOpen] = useState(false);
  const isOfModel = wish.models.length > 0;
  usePageAction(isOfModel ? 'subscribeUsers' : 'subscribeUser', canWrite ? () => setIsOpen(true) : undefined);
  return (
    <>
      <ActionButton
        obstacle={canWrite ? undefined : t('subscriptions.edit.readOnly')}
        onClick={() => setIsOpen(true)}
      >
        {t(isOfModel ? 'subscriptions.create.subscribeUsers' : 'subscriptions.create.subscribe')}
      </ActionButton>
      <NewSubscriptions wish={isOpen ? wish : null} onClose={() => setIsOpen(false)} />
    </>
  );
}
