import CloseIcon from '@mui/icons-material/Close';
import {
  Box,
  Button,
  ButtonBase,
  Drawer,
  IconButton,
  List,
  ListItem,
  Stack,
  Tooltip,
  Typography,
} from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useId, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { useProcedureCommand, useProcedureQuery } from '../api/use-procedure';
import { ConfirmDialog } from '../ui/dialogs';
import { formatCount, formatDuration } from '../ui/format';
import { notify } from '../ui/notifications';
import { EmptyState, ErrorState, LoadingLines } from '../ui/states';
import { Instant } from '../ui/values';

type Entry = AnswerOf<Contract['sql']['history']>['entries'][number];

interface HistoryPanelProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** A statement goes back into the editor. */
  readonly onUse: (statement: string) => void;
  /** It did, and the panel is gone. */
  readonly onUsed: () => void;
}

/** What was run in this workspace from this machine, newest first. */
export function HistoryPanel({ isOpen, onClose, onUse, onUsed }: HistoryPanelProps): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  const isUsed = useRef(false);
  const [isClearing, setIsClearing] = useState(false);
  const history = useProcedureQuery('sql', 'history', {}, { enabled: isOpen, staleTimeMs: 0 });
  const clear = useClearHistory();
  const entries = history.data?.entries ?? [];
  return (
    <Drawer
      anchor="right"
      open={isOpen}
      onClose={onClose}
      slotProps={{
        transition: {
          onExited: () => {
            if (isUsed.current) onUsed();
            isUsed.current = false;
          },
        },
        paper: {
          role: 'dialog',
          'aria-modal': true,
          'aria-labelledby': id,
          sx: { width: 'min(480px, 94vw)', display: 'flex', flexDirection: 'column' },
        },
      }}
    >
      <Stack direction="row" sx={{ alignItems: 'flex-start', gap: 1, px: 2.5, pt: 2, pb: 1.5 }}>
        <Box sx={{ flex: 1, minWidth: 0 }}>
          <Typography variant="h2" id={id}>
            {t('sql.history.title')}
          </Typography>
          <Typography variant="caption" component="p" sx={{ color: 'text.secondary' }}>
            {t('sql.history.body')}
          </Typography>
        </Box>
        <Tooltip title={t('common.close')}>
          <IconButton aria-label={t('common.close')} onClick={onClose} autoFocus>
            <CloseIcon fontSize="small" />
          </IconButton>
        </Tooltip>
      </Stack>
      <Box sx={{ flex: 1, minHeight: 0, overflowY: 'auto' }}>
        {history.error !== null && history.data === undefined ? (
          <Box sx={{ px: 2.5 }}>
            <ErrorState
              error={history.error}
              title={t('sql.history.failed')}
              onRetry={() => void history.refetch()}
            />
          </Box>
        ) : history.data === undefined ? (
          <Box sx={{ px: 2.5 }}>
            <LoadingLines lines={8} />
          </Box>
        ) : entries.length === 0 ? (
          <EmptyState title={t('sql.history.empty')} />
        ) : (
          <List disablePadding aria-label={t('sql.history.title')}>
            {entries.map((entry, at) => (
              <HistoryEntry
                key={`${entry.ranAt} ${at}`}
                entry={entry}
                onUse={() => {
                  isUsed.current = true;
                  onUse(entry.statement);
                  onClose();
                }}
              />
            ))}
          </List>
        )}
      </Box>
      {entries.length > 0 && (
        <Box sx={({ vars }) => ({ p: 1.25, borderTop: `1px solid ${vars?.palette.divider}` })}>
          <Button color="error" onClick={() => setIsClearing(true)}>
            {t('sql.history.clear')}
          </Button>
        </Box>
      )}
      <ConfirmDialog
        open={isClearing}
        title={t('sql.history.clearTitle')}
        confirmLabel={t('sql.history.clearConfirm')}
        destructive
        onConfirm={clear}
        onClose={() => setIsClearing(false)}
      >
        {t('sql.history.clearBody')}
      </ConfirmDialog>
    </Drawer>
  );
}

function useClearHistory(): () => void {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const { mutate } = useProcedureCommand('sql', 'clearHistory');
  return () =>
    mutate(
      {},
      {
        onSuccess: () => notify('success', t('sql.history.cleared')),
        onError: ({ message }) => notify('error', t('sql.history.clearFailed', { message })),
        onSettled: () => void queryClient.invalidateQueries({ queryKey: ['sql', 'history'] }),
      },
    );
}

function HistoryEntry({ entry, onUse }: { readonly entry: Entry; readonly onUse: () => void }): ReactElement {
  const { t } = useTranslation();
  const { statement, ranAt, elapsedMs, rows } = entry;
  return (
    <ListItem disablePadding sx={({ vars }) => ({ borderTop: `1px solid ${vars?.palette.divider}` })}>
      <Tooltip describeChild title={t('sql.history.use')} placement="left">
        <ButtonBase
          onClick={onUse}
          sx={({ vars }) => ({
            display: 'block',
            width: '100%',
            px: 2.5,
            py: 1.25,
            textAlign: 'left',
            fontFamily: 'inherit',
            '&:hover': { backgroundColor: vars?.palette.console.primarySoft },
            '&.Mui-focusVisible': { outlineOffset: -2 },
          })}
        >
          <Box
            component="code"
            sx={{
              display: '-webkit-box',
              WebkitBoxOrient: 'vertical',
              WebkitLineClamp: '4',
              overflow: 'hidden',
              whiteSpace: 'pre-wrap',
              overflowWrap: 'anywhere',
            }}
          >
            {statement.trim()}
          </Box>
          <Stack
            direction="row"
            component="span"
            sx={{
              mt: 0.5,
              columnGap: 1.5,
              flexWrap: 'wrap',
              color: 'text.secondary',
              fontSize: '0.78125rem',
            }}
          >
            <Instant value={ranAt} show="relative" />
            <span>{formatDuration(elapsedMs)}</span>
            <span>
              {rows === null
                ? t('sql.history.notFinished')
                : t('sql.result.rows', { count: rows, formatted: formatCount(rows) })}
            </span>
          </Stack>
        </ButtonBase>
      </Tooltip>
    </ListItem>
  );
}
