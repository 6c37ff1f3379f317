import {
  Alert,
  Box,
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  Stack,
  Typography,
} from '@mui/material';
import { useId, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { CodeBlock } from '../ui/code-block';
import { CopyButton } from '../ui/copy-button';
import { curlSnippet, pythonSnippet } from './key-snippets';

export type NewKey = AnswerOf<Contract['apiKeys']['create']>;

interface NewKeyDialogProps {
  readonly made: NewKey;
  /** A model that the key may use. */
  readonly model: string;
  /** Whether LiteMaaS can show it again. */
  readonly isKept: boolean;
  readonly onClose: () => void;
}

/** Shows a new key's value once, with what to do first with it. Unmounting drops it. */
export function NewKeyDialog({ made, model, isKept, onClose }: NewKeyDialogProps): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  const { value, baseUrl } = made;
  const snippets = [
    { label: t('apiKeys.create.curl'), text: curlSnippet({ value, baseUrl, model }) },
    { label: t('apiKeys.create.python'), text: pythonSnippet({ value, baseUrl, model }) },
  ];
  return (
    // Neither a click beside it nor Escape drops what can't be shown again.
    <Dialog open aria-labelledby={id} maxWidth="md" fullWidth>
      <DialogTitle id={id}>{t('apiKeys.create.madeTitle')}</DialogTitle>
      <DialogContent>
        <Stack sx={{ gap: 2 }}>
          <Alert severity="warning">
            {t(isKept ? 'apiKeys.create.shownHere' : 'apiKeys.create.shownOnce')}
          </Alert>
          <Secret label={t('apiKeys.create.value')} text={value}>
            <Box
              component="code"
              aria-label={t('apiKeys.create.value')}
              sx={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }}
            >
              {value}
            </Box>
          </Secret>
          {snippets.map(({ label, text }) => (
            <Stack key={label} sx={{ gap: 0.5 }}>
              <Typography variant="h3">{label}</Typography>
              <Secret label={label} text={text}>
                <Box sx={{ flex: 1, minWidth: 0 }}>
                  <CodeBlock label={label} text={text} />
                </Box>
              </Secret>
            </Stack>
          ))}
        </Stack>
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button onClick={onClose} variant="contained">
          {t('apiKeys.create.done')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

interface SecretProps {
  readonly label: string;
  readonly text: string;
  readonly children: ReactElement;
}

function Secret({ label, text, children }: SecretProps): ReactElement {
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
      {children}
      <CopyButton value={text} label={label} />
    </Box>
  );
}
