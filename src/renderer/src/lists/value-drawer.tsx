import CloseIcon from '@mui/icons-material/Close';
import {
  Box,
  Drawer,
  FormControlLabel,
  IconButton,
  Stack,
  Switch,
  ToggleButton,
  ToggleButtonGroup,
  Tooltip,
  Typography,
} from '@mui/material';
import { useId, useMemo, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Cell } from '../../../shared/contract/browse';
import type { ApiError } from '../api/api-error';
import { CopyButton } from '../ui/copy-button';
import { formatBytes } from '../ui/format';
import { prettyJson } from '../ui/pretty-json';
import { ErrorState, LoadingLines } from '../ui/states';

interface ValueDrawerProps {
  /** Null: closed. What was shown last stays while the drawer leaves. */
  readonly shown: ShownValue | null;
  readonly onClose: () => void;
}

export interface ShownValue {
  readonly column: string;
  readonly type: string;
  /** As far as it has been read. */
  readonly cell: Cell;
  /** Of a value that was cut in its row. */
  readonly bytes?: number | undefined;
  /** The rest of a cut value is being read. */
  readonly isLoading?: boolean;
  readonly error?: ApiError | null;
  readonly onRetry?: () => void;
  /** Why a cut value stays cut. */
  readonly cutBecause?: string;
}

/** One value whole, beside the rows it stands in. The focus returns to its cell. */
export function ValueDrawer({ shown, onClose }: ValueDrawerProps): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  const [last, setLast] = useState(shown);
  if (shown !== null && shown !== last) setLast(shown);
  return (
    <Drawer
      anchor="right"
      open={shown !== null}
      onClose={onClose}
      slotProps={{
        paper: {
          role: 'dialog',
          'aria-modal': true,
          'aria-labelledby': id,
          sx: { width: 'min(760px, 94vw)', display: 'flex', flexDirection: 'column' },
        },
      }}
    >
      <Stack direction="row" sx={{ alignItems: 'flex-start', gap: 1, px: 2.5, pt: 2, pb: 1 }}>
        <Box sx={{ flex: 1, minWidth: 0 }}>
          <Typography variant="h2" id={id} dir="auto" sx={{ overflowWrap: 'anywhere' }}>
            {last?.column}
          </Typography>
          <Typography variant="caption" component="p" sx={{ color: 'text.secondary' }}>
            {last?.type}
            {last?.bytes !== undefined && ` · ${formatBytes(last.bytes)}`}
          </Typography>
        </Box>
        <Tooltip title={t('common.close')}>
          <IconButton aria-label={t('common.close')} onClick={onClose} autoFocus>
            <CloseIcon fontSize="small" />
          </IconButton>
        </Tooltip>
      </Stack>
      {last !== null && <Value shown={last} />}
    </Drawer>
  );
}

function Value({ shown }: { readonly shown: ShownValue }): ReactElement {
  const { t } = useTranslation();
  const { cell, isLoading = false, error = null, onRetry, cutBecause } = shown;
  if (error !== null) {
    return (
      <Box sx={{ px: 2.5 }}>
        <ErrorState error={error} title={t('browse.value.failed')} onRetry={onRetry} />
      </Box>
    );
  }
  if (isLoading) {
    return (
      <Box sx={{ px: 2.5 }}>
        <LoadingLines lines={8} />
      </Box>
    );
  }
  if (cell.text === null && cell.masked === true)
    return <Explanation>{t('browse.value.maskedBody')}</Explanation>;
  if (cell.text === null) return <Explanation>{t('browse.value.nullBody')}</Explanation>;
  if (cell.text === '') return <Explanation>{t('browse.value.emptyBody')}</Explanation>;
  return (
    <>
      {cell.masked === true && <Explanation>{t('browse.value.partlyMaskedBody')}</Explanation>}
      {cell.bytes !== undefined && (
        <Explanation>
          {cutBecause ??
            t('browse.value.cut', {
              shown: formatBytes(new TextEncoder().encode(cell.text).length),
              size: formatBytes(cell.bytes),
            })}
        </Explanation>
      )}
      <WholeText text={cell.text} column={shown.column} />
    </>
  );
}

function Explanation({ children }: { readonly children: string }): ReactElement {
  return (
    <Typography variant="body2" sx={{ px: 2.5, pb: 1.5, color: 'text.secondary' }}>
      {children}
    </Typography>
  );
}

type View = 'formatted' | 'stored';

function WholeText({ text, column }: { readonly text: string; readonly column: string }): ReactElement {
  const { t } = useTranslation();
  const formatted = useMemo(() => prettyJson(text), [text]);
  const [view, setView] = useState<View>('formatted');
  const [wraps, setWraps] = useState(true);
  const shownText = formatted !== null && view === 'formatted' ? formatted : text;
  return (
    <>
      <Stack
        direction="row"
        sx={{ px: 2.5, pb: 1.25, gap: 2, alignItems: 'center', flexWrap: 'wrap', minHeight: 44 }}
      >
        {formatted !== null && (
          <ToggleButtonGroup
            exclusive
            size="small"
            value={view}
            onChange={(_event, next: View | null) => {
              if (next !== null) setView(next);
            }}
            aria-label={t('browse.value.view')}
          >
            <ToggleButton value="formatted" sx={{ py: 0.375 }}>
              {t('browse.value.formatted')}
            </ToggleButton>
            <ToggleButton value="stored" sx={{ py: 0.375 }}>
              {t('browse.value.asStored')}
            </ToggleButton>
          </ToggleButtonGroup>
        )}
        <FormControlLabel
          control={<Switch size="small" checked={wraps} onChange={(_event, checked) => setWraps(checked)} />}
          label={t('browse.value.wrap')}
          slotProps={{ typography: { variant: 'body2' } }}
        />
        <Box sx={{ ml: 'auto' }}>
          <CopyButton value={shownText} label={column} />
        </Box>
      </Stack>
      <Box
        component="pre"
        tabIndex={0}
        role="region"
        aria-label={t('browse.value.opened', { column })}
        dir="auto"
        sx={({ vars }) => ({
          flex: 1,
          minHeight: 0,
          m: 0,
          px: 2.5,
          py: 1.5,
          overflow: 'auto',
          borderTop: `1px solid ${vars?.palette.divider}`,
          backgroundColor: vars?.palette.background.default,
          fontFamily: 'ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace',
          fontSize: '0.78125rem',
          lineHeight: 1.55,
          whiteSpace: wraps ? 'pre-wrap' : 'pre',
          overflowWrap: wraps ? 'anywhere' : 'normal',
        })}
      >
        {shownText}
      </Box>
    </>
  );
}
