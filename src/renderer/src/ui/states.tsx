import ErrorOutlineIcon from '@mui/icons-material/ErrorOutlined';
import InboxIcon from '@mui/icons-material/InboxOutlined';
import ExpandMoreIcon from '@mui/icons-material/ExpandMore';
import { Box, Button, Collapse, Skeleton, Stack, Typography } from '@mui/material';
import { useId, useState, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { toApiError, type ApiError } from '../api/api-error';

interface EmptyStateProps {
  readonly title: string;
  readonly body?: string | undefined;
  /** What the person can do about it. */
  readonly action?: ReactNode;
  readonly icon?: ReactNode;
}

/** Nothing to show, and that is no failure. */
export function EmptyState({ title, body, action, icon }: EmptyStateProps): ReactElement {
  return (
    <Stack sx={{ alignItems: 'center', textAlign: 'center', gap: 1, px: 3, py: 4 }}>
      <Box aria-hidden sx={{ color: 'text.secondary', lineHeight: 0, '& svg': { fontSize: 36 } }}>
        {icon ?? <InboxIcon />}
      </Box>
      <Typography variant="h3" component="p" sx={{ overflowWrap: 'anywhere' }}>
        {title}
      </Typography>
      {body !== undefined && (
        <Typography variant="body2" sx={{ color: 'text.secondary', maxWidth: 460, overflowWrap: 'anywhere' }}>
          {body}
        </Typography>
      )}
      {action !== undefined && <Box sx={{ mt: 1 }}>{action}</Box>}
    </Stack>
  );
}

interface ErrorStateProps {
  readonly error: unknown;
  readonly title?: string;
  readonly onRetry?: (() => void) | undefined;
  /** What else the person can do about it. */
  readonly action?: ReactNode;
}

/** A failure: what happened, the way out, technical details folded away, and another try. */
export function ErrorState({ error, title, onRetry, action }: ErrorStateProps): ReactElement {
  const { t } = useTranslation();
  const failure = toApiError(error);
  return (
    <Box
      role="alert"
      sx={({ vars }) => ({
        display: 'flex',
        gap: 1.5,
        p: 2,
        borderRadius: 1,
        color: vars?.palette.text.primary,
        backgroundColor: vars?.palette.console.tone.error.ground,
      })}
    >
      <ErrorOutlineIcon
        aria-hidden
        sx={({ vars }) => ({ color: vars?.palette.console.tone.error.ink, fontSize: 22, flex: 'none' })}
      />
      <Box sx={{ minWidth: 0, flex: 1 }}>
        <Typography variant="body2" sx={{ fontWeight: 650 }}>
          {title ?? t('common.error.title')}
        </Typography>
        <ErrorText error={failure} />
        <Stack direction="row" sx={{ gap: 1, mt: 1, alignItems: 'flex-start', flexWrap: 'wrap' }}>
          {onRetry !== undefined && (
            <Button size="small" variant="outlined" color="inherit" onClick={onRetry}>
              {t('common.retry')}
            </Button>
          )}
          {action}
          <ErrorDetails error={failure} />
        </Stack>
      </Box>
    </Box>
  );
}

/** Message and hint of a failure, as two sentences. */
export function ErrorText({ error }: { readonly error: ApiError }): ReactElement {
  const { t, i18n } = useTranslation();
  const known = `common.error.hints.${error.code}`;
  const hint = error.hint ?? (i18n.exists(known) ? t(known as 'common.error.hints.internal') : null);
  return (
    <>
      <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }}>
        {error.message}
      </Typography>
      {hint !== null && (
        <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }}>
          {hint}
        </Typography>
      )}
    </>
  );
}

function ErrorDetails({ error }: { readonly error: ApiError }): ReactElement {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  return (
    <Box sx={{ minWidth: 0 }}>
      <Button
        size="small"
        color="inherit"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setIsOpen(!isOpen)}
        endIcon={<ExpandMoreIcon sx={{ transform: isOpen ? 'rotate(180deg)' : 'none' }} />}
      >
        {t('common.error.details')}
      </Button>
      <Collapse in={isOpen} id={id}>
        <Box component="dl" sx={{ m: 0, mt: 0.5, fontSize: '0.8125rem', overflowWrap: 'anywhere' }}>
          {[[t('common.error.code'), error.code] as const, ...Object.entries(error.details)].map(
            ([name, value]) => (
              <Box key={name} sx={{ display: 'flex', gap: 1 }}>
                <Box component="dt" sx={{ fontWeight: 600 }}>
                  {name}
                </Box>
                <Box component="dd" sx={{ m: 0 }}>
                  <code>{value}</code>
                </Box>
              </Box>
            ),
          )}
        </Box>
      </Collapse>
    </Box>
  );
}

/** Lines of grey where text will be. */
export function LoadingLines({ lines = 4 }: { readonly lines?: number }): ReactElement {
  const { t } = useTranslation();
  return (
    <Box role="status" aria-label={t('common.loading')} sx={{ py: 0.5 }}>
      {Array.from({ length: lines }, (_unused, line) => (
        <Skeleton
          key={line}
          variant="text"
          sx={{ fontSize: '1rem' }}
          width={`${[92, 78, 85, 64][line % 4] ?? 80}%`}
        />
      ))}
    </Box>
  );
}
