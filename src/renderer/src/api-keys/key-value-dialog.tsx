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
import { CodeBlock } from '../ui/code-block';
import { CopyButton } from '../ui/copy-button';
import { curlSnippet, pythonSnippet } from './key-snippets';

interface KeyValueDialogProps {
  readonly title: string;
  /** What becomes of the value after this. */
  readonly warning: string;
  /** What else there is to know. */
  readonly note?: ReactElement | undefined;
  readonly value: string;
  /** Where LiteLLM answers; null: no first request is shown. */
  readonly baseUrl: string | null;
  /** A model that the key may use. */
  readonly model: string;
  readonly onClose: () => void;
}

/** Shows a key's value once, with what to do first with it. Unmounting drops it. */
export function KeyValueDialog(props: KeyValueDialogProps): ReactElement {
  const { title, warning, note, value, baseUrl, model, onClose } = props;
  const { t } = useTranslation();
  const id = useId();
  const snippets =
    baseUrl === null
      ? []
      : [
          { label: t('apiKeys.create.curl'), text: curlSnippet({ value, baseUrl, model }) },
          { label: t('apiKeys.create.python'), text: pythonSnippet({ value, baseUrl, model }) },
        ];
  return (
    // Neither a click beside it nor Escape drops what can't be shown again.
    <Dialog open aria-labelledby={id} maxWidth="md" fullWidth>
      <DialogTitle id={id}>{title}</DialogTitle>
      <DialogContent>
        <Stack sx={{ gap: 2 }}>
          <Alert severity="warning">{warning}</Alert>
          {note}
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
