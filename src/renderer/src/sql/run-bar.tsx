import HistoryIcon from '@mui/icons-material/History';
import PlayArrowIcon from '@mui/icons-material/PlayArrow';
import StopIcon from '@mui/icons-material/Stop';
import { Box, Button, Stack, Tooltip, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { maxStatementLength } from '../../../shared/contract/sql';
import { formatCount } from '../ui/format';
import { VisuallyHidden } from '../ui/visually-hidden';
import type { Asked } from './asked';
import { SchemaChooser } from './schema-chooser';

interface RunBarProps {
  /** Of the text that tells the editor's keys. */
  readonly helpId: string;
  readonly isEmpty: boolean;
  readonly isTooLong: boolean;
  readonly isKept: boolean;
  /** What is running, if anything. */
  readonly running: Asked['what'] | null;
  readonly onAsk: (what: Asked['what']) => void;
  readonly onCancel: () => void;
  readonly onHistory: () => void;
  readonly schemas: readonly string[];
  readonly onSchemas: (schemas: readonly string[]) => void;
}

/** Below the editor: run, plan, analyse, cancel; and how the keyboard does it. */
export function RunBar(props: RunBarProps): ReactElement {
  const { helpId, isEmpty, isTooLong, isKept, running, onAsk, onCancel, onHistory, schemas, onSchemas } =
    props;
  const { t } = useTranslation();
  const keys = /Mac/.test(navigator.platform) ? '⌘ Enter' : 'Ctrl+Enter';
  const isBlocked = isEmpty || isTooLong;
  return (
    <Box sx={({ vars }) => ({ p: 1.25, borderTop: `1px solid ${vars?.palette.divider}` })}>
      <Stack direction="row" sx={{ gap: 1, flexWrap: 'wrap', alignItems: 'center' }}>
        <AskButton
          title={t('sql.runHint', { keys })}
          label={t('sql.run')}
          isMain
          isDisabled={isBlocked}
          isRunning={running === 'run'}
          onClick={() => onAsk('run')}
        />
        <AskButton
          title={t('sql.planHint')}
          label={t('sql.plan')}
          isDisabled={isBlocked}
          isRunning={running === 'plan'}
          onClick={() => onAsk('plan')}
        />
        <AskButton
          title={t('sql.analyzeHint')}
          label={t('sql.analyze')}
          isDisabled={isBlocked}
          isRunning={running === 'analyze'}
          onClick={() => onAsk('analyze')}
        />
        {running !== null && (
          <Button variant="outlined" color="error" startIcon={<StopIcon />} onClick={onCancel}>
            {t('sql.cancel')}
          </Button>
        )}
        <Box component="span" role="status">
          {running !== null && <VisuallyHidden>{t('sql.running')}</VisuallyHidden>}
        </Box>
        <Box sx={{ ml: 'auto' }}>
          <SchemaChooser value={schemas} onChange={onSchemas} />
        </Box>
        <Button startIcon={<HistoryIcon />} onClick={onHistory} aria-haspopup="dialog">
          {t('sql.history.open')}
        </Button>
      </Stack>
      <Typography variant="caption" component="p" id={helpId} sx={{ mt: 0.75, color: 'text.secondary' }}>
        {t('sql.editor.help', { run: keys })}
      </Typography>
      {isTooLong && (
        <Typography variant="caption" component="p" role="alert" sx={{ color: 'error.main' }}>
          {t('sql.editor.tooLong', { formatted: formatCount(maxStatementLength) })}
        </Typography>
      )}
      {!isKept && (
        <Typography variant="caption" component="p" role="status" sx={{ color: 'text.secondary' }}>
          {t('sql.editor.notKept')}
        </Typography>
      )}
    </Box>
  );
}

interface AskButtonProps {
  readonly title: string;
  readonly label: string;
  readonly isMain?: boolean;
  readonly isDisabled: boolean;
  readonly isRunning: boolean;
  readonly onClick: () => void;
}

function AskButton(props: AskButtonProps): ReactElement {
  const { title, label, isMain = false, isDisabled, isRunning, onClick } = props;
  return (
    <Tooltip describeChild title={title}>
      <span>
        <Button
          variant={isMain ? 'contained' : 'outlined'}
          {...(isMain ? { startIcon: <PlayArrowIcon /> } : {})}
          disabled={isDisabled}
          loading={isRunning}
          onClick={onClick}
        >
          {label}
        </Button>
      </span>
    </Tooltip>
  );
}
