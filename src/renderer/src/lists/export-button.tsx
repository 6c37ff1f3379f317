import DownloadIcon from '@mui/icons-material/FileDownloadOutlined';
import { Button, CircularProgress, Tooltip } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

interface ExportButtonProps {
  readonly onExport: () => void;
  readonly isExporting: boolean;
  readonly onCancel: (() => void) | undefined;
  /** What it says while nothing is written. The default: “Export CSV”. */
  readonly label?: string;
  /** What is said of this export before what is said of every one: how values are written. */
  readonly hint?: string;
}

/** Starts an export, and stops it while it is written. One button, so that the focus stays where it is. */
export function ExportButton(props: ExportButtonProps): ReactElement {
  const { onExport, isExporting, onCancel, label, hint } = props;
  const { t } = useTranslation();
  return (
    <Tooltip
      describeChild
      disableInteractive
      title={[hint, t('common.list.exportFormat')].filter((text) => text !== undefined).join(' ')}
    >
      <Button
        variant="outlined"
        startIcon={
          isExporting ? <CircularProgress size={16} color="inherit" aria-hidden /> : <DownloadIcon />
        }
        onClick={({ detail: clicks }) => {
          if (!isExporting) onExport();
          // The second click of a double click is meant for what the first one started.
          else if (clicks < 2) onCancel?.();
        }}
        sx={{ minWidth: 150 }}
      >
        {isExporting ? t('common.list.cancelExport') : (label ?? t('common.list.exportCsv'))}
      </Button>
    </Tooltip>
  );
}
