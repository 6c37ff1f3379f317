import { Button, Dialog, DialogActions, DialogContent, DialogTitle, Stack, TextField } from '@mui/material';
import { useId, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { mostExtendedDays } from '../../../shared/contract/subscriptions';
import { showReview } from '../review/review-store';
import type { SubscriptionTargets } from './review-subscriptions';

/** What is to end later. */
export interface Extended {
  readonly targets: SubscriptionTargets;
  readonly title: string;
}

interface ExtendDialogProps {
  /** NULL: closed. */
  readonly extended: Extended | null;
  readonly onClose: () => void;
  readonly onDone?: (() => void) | undefined;
}

/** Asks by how many days ends are put off: each from where it is, or from today where it has passed. */
export function ExtendDialog({ extended, onClose, onDone }: ExtendDialogProps): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  const [days, setDays] = useState('30');
  // What it is about stays while the dialog goes away.
  const [shown, setShown] = useState(extended);
  if (extended !== null && extended !== shown) setShown(extended);
  const count = /^\d{1,4}$/.test(days) ? Number(days) : 0;
  const isWrong = count < 1 || count > mostExtendedDays;
  return (
    <Dialog open={extended !== null} onClose={onClose} aria-labelledby={id} maxWidth="xs" fullWidth>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isWrong || shown === null) return;
          const { targets, title } = shown;
          showReview({
            request: { area: 'subscriptions', procedure: 'previewExtend', input: { targets, days: count } },
            title,
            ...(onDone === undefined ? {} : { onDone }),
          });
          onClose();
        }}
      >
        <DialogTitle id={id} sx={{ overflowWrap: 'anywhere' }}>
          {shown?.title}
        </DialogTitle>
        <DialogContent>
          <Stack sx={{ pt: 1 }}>
            <TextField
              autoFocus
              fullWidth
              label={t('subscriptions.extend.days')}
              value={days}
              error={isWrong}
              helperText={t(isWrong ? 'common.invalid' : 'subscriptions.extend.help')}
              onChange={(event) => setDays(event.target.value)}
              slotProps={{ htmlInput: { inputMode: 'numeric', autoComplete: 'off' } }}
            />
          </Stack>
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="contained" disabled={isWrong}>
            {t('subscriptions.extend.review')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
