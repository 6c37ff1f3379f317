import {
  Alert,
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  Stack,
  TextField,
} from '@mui/material';
import { useId, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { useWorkspace } from '../api/app-state';
import { useProcedureCommand } from '../api/use-procedure';
import { ActionButton } from '../forms/action-button';
import { usePageAction } from '../ui/page-actions';
import { ErrorState } from '../ui/states';
import { keyName } from './key-name';
import { KeyValueDialog } from './key-value-dialog';

type ApiKey = AnswerOf<Contract['apiKeys']['get']>;
type Shown = AnswerOf<Contract['apiKeys']['reveal']>;

/** Shows the value of a key that LiteMaaS keeps, to a person who says why. Closing drops it. */
export function RevealKey({ apiKey }: { readonly apiKey: ApiKey }): ReactElement {
  const { t } = useTranslation();
  const mayWrite = useWorkspace()?.access === 'administer';
  const [isAsking, setIsAsking] = useState(false);
  const [shown, setShown] = useState<Shown | null>(null);
  usePageAction('revealApiKey', mayWrite ? () => setIsAsking(true) : undefined);
  const name = keyName(apiKey);
  return (
    <>
      <ActionButton
        size="small"
        obstacle={mayWrite ? undefined : t('apiKeys.reveal.readOnly')}
        onClick={() => setIsAsking(true)}
      >
        {t('apiKeys.reveal.button')}
      </ActionButton>
      {isAsking && (
        <ReasonDialog
          apiKey={apiKey}
          onShown={(answer) => {
            setShown(answer);
            setIsAsking(false);
          }}
          onClose={() => setIsAsking(false)}
        />
      )}
      {shown !== null && (
        <KeyValueDialog
          title={t('apiKeys.reveal.shownTitle', { name })}
          warning={t('apiKeys.reveal.dropped')}
          value={shown.secret}
          baseUrl={shown.baseUrl}
          model={apiKey.allModelRefs[0]?.id ?? t('apiKeys.create.anyModel')}
          onClose={() => setShown(null)}
        />
      )}
    </>
  );
}

interface ReasonDialogProps {
  readonly apiKey: ApiKey;
  readonly onShown: (shown: Shown) => void;
  readonly onClose: () => void;
}

function ReasonDialog({ apiKey, onShown, onClose }: ReasonDialogProps): ReactElement {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const reveal = useProcedureCommand('apiKeys', 'reveal');
  const maySubmit = reason.trim() !== '' && !reveal.isPending;
  const id = useId();
  return (
    <Dialog open onClose={onClose} aria-labelledby={id} maxWidth="sm" fullWidth>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (maySubmit) reveal.mutate({ id: apiKey.id, reason }, { onSuccess: onShown });
        }}
      >
        <DialogTitle id={id}>{t('apiKeys.reveal.title', { name: keyName(apiKey) })}</DialogTitle>
        <DialogContent>
          <Stack sx={{ gap: 2 }}>
            <Alert severity="warning">{t('apiKeys.reveal.how')}</Alert>
            <TextField
              required
              autoFocus
              label={t('apiKeys.reveal.reason')}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
              slotProps={{ htmlInput: { maxLength: 500 } }}
            />
            {reveal.error !== null && <ErrorState error={reveal.error} title={t('apiKeys.reveal.failed')} />}
          </Stack>
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="contained" disabled={!maySubmit}>
            {t(reveal.isPending ? 'apiKeys.reveal.showing' : 'apiKeys.reveal.show')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
