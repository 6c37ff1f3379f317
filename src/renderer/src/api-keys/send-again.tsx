import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../api/app-state';
import { useJob } from '../api/use-job';
import { ActionButton } from '../forms/action-button';
import { JobOutcome } from '../ui/job-outcome';
import { notify } from '../ui/notifications';

/** Asks LiteLLM once more to take over what it does not know of a key. */
export function SendAgain({ id }: { readonly id: string }): ReactElement {
  const { t } = useTranslation();
  const mayWrite = useWorkspace()?.access === 'administer';
  const sending = useJob(
    'sync',
    'send',
    ({ sent, problem }) => {
      if (sent > 0) notify('success', t('apiKeys.sendAgain.done'));
      else notify('error', problem ?? t('apiKeys.sendAgain.nothing'));
    },
    'own',
  );
  return (
    <>
      <ActionButton
        size="small"
        obstacle={mayWrite ? undefined : t('apiKeys.edit.readOnly')}
        disabled={sending.busy}
        onClick={() => sending.start({ apiKeyId: id })}
      >
        {t('apiKeys.sendAgain.button')}
      </ActionButton>
      <JobOutcome job={sending} failedTitle={t('apiKeys.sendAgain.failed')} />
    </>
  );
}
