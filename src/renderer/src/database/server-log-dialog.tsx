import RefreshIcon from '@mui/icons-material/Refresh';
import { Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, Typography } from '@mui/material';
import { useEffect, useId, useRef, type ReactElement } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { useProcedureQuery } from '../api/use-procedure';
import { CopyButton } from '../ui/copy-button';
import { EmptyState, ErrorState, LoadingLines } from '../ui/states';

const lines = 400;

/** The last lines of the local server's log, the newest in sight. */
export function ServerLogDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  const log = useProcedureQuery('database', 'serverLog', { lines }, { staleTimeMs: 0 });
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'end' });
  }, [log.data]);
  return (
    <Dialog open onClose={onClose} aria-labelledby={id} maxWidth="lg" fullWidth>
      <DialogTitle id={id}>{t('database.local.logTitle')}</DialogTitle>
      <DialogContent dividers>
        {log.error !== null && log.data === undefined ? (
          <ErrorState error={log.error} onRetry={() => void log.refetch()} />
        ) : log.data === undefined ? (
          <LoadingLines lines={8} />
        ) : log.data.lines.length === 0 ? (
          <EmptyState title={t('database.local.logEmpty')} />
        ) : (
          <Box
            component="pre"
            tabIndex={0}
            role="region"
            aria-label={t('database.local.logTitle')}
            sx={{ m: 0, fontSize: '0.78125rem', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
          >
            {log.data.lines.join('\n')}
            <div ref={end} />
          </Box>
        )}
      </DialogContent>
      <DialogActions sx={{ px: 3, gap: 1 }}>
        {log.data !== undefined && (
          <Typography variant="caption" sx={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }}>
            <Trans i18nKey="database.local.logAt" components={{ path: <LogPath path={log.data.path} /> }} />
            <CopyButton value={log.data.path} label={t('database.local.logPath')} />
          </Typography>
        )}
        <Button startIcon={<RefreshIcon />} onClick={() => void log.refetch()} disabled={log.isFetching}>
          {t('common.list.refresh')}
        </Button>
        <Button onClick={onClose} variant="contained">
          {t('common.close')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

/** Takes its text as a property: what stands between a text's tags would be read as more tags. */
function LogPath({ path }: { readonly path: string }): ReactElement {
  return <code>{path}</code>;
}
