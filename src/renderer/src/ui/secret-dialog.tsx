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
import { useEffect, useId, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { toApiError, type ApiError } from '../api/api-error';
import { CopyButton } from './copy-button';
import { ErrorState, LoadingLines } from './states';

interface SecretDialogProps {
  readonly title: string;
  /** What the secret is: "connection string". */
  readonly label: string;
  /** Fetches it: one of the four commands that may return a secret. */
  readonly reveal: () => Promise<string>;
  readonly onClose: () => void;
}

/**
 * Shows a secret. Mount it to fetch, unmount it to drop: the value lives in this component's state only, never in
 * a cache.
 */
export function SecretDialog({ title, label, reveal, onClose }: SecretDialogProps): ReactElement {
  const { t } = useTranslation();
  const [secret, setSecret] = useState<string | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  /** Each fetch is an audited act: one per opening, also where React runs effects twice. */
  const request = useRef<Promise<string> | null>(null);
  const id = useId();
  useEffect(() => {
    let isGone = false;
    request.current ??= reveal();
    request.current.then(
      (value) => {
        if (!isGone) setSecret(value);
      },
      (failure: unknown) => {
        if (!isGone) setError(toApiError(failure));
      },
    );
    return () => {
      isGone = true;
    };
    // Once per opening.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return (
    <Dialog open onClose={onClose} aria-labelledby={id} maxWidth="sm" fullWidth>
      <DialogTitle id={id}>{title}</DialogTitle>
      <DialogContent>
        <Stack sx={{ gap: 2 }}>
          <Alert severity="warning">{t('common.secret.warning')}</Alert>
          {error !== null ? (
            <ErrorState error={error} />
          ) : secret === null ? (
            <LoadingLines lines={1} />
          ) : (
            <>
              <Box
                sx={({ vars }) => ({
                  display: 'flex',
                  alignItems: 'center',
                  gap: 1,
                  p: 1.5,
                  borderRadius: 1,
                  border: `1px solid ${vars?.palette.divider}`,
                })}
              >
                <Box
                  component="code"
                  aria-label={label}
                  sx={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }}
                >
                  {secret}
                </Box>
                <CopyButton value={secret} label={label} />
              </Box>
              <Typography variant="caption" sx={{ color: 'text.secondary' }}>
                {t('common.secret.recorded')}
              </Typography>
            </>
          )}
        </Stack>
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button onClick={onClose} variant="contained">
          {t('common.close')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
