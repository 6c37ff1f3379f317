import UndoIcon from '@mui/icons-material/Undo';
import { Box, IconButton, Tooltip } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface EditedFieldProps {
  readonly label: string;
  readonly isChanged: boolean;
  readonly onReset: () => void;
  readonly children: ReactNode;
}

/** A field of a form that edits: marked while it differs from the record, with the way back. */
export function EditedField({ label, isChanged, onReset, children }: EditedFieldProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Box
      sx={({ vars }) => ({
        display: 'flex',
        gap: 0.5,
        alignItems: 'flex-start',
        pl: 1.5,
        borderLeft: '3px solid',
        borderColor: isChanged ? vars?.palette.primary.main : 'transparent',
      })}
    >
      <Box sx={{ flex: 1, minWidth: 0 }}>{children}</Box>
      <Box sx={{ width: 36, flex: 'none', pt: 0.25 }}>
        {isChanged && (
          <Tooltip title={t('common.resetField', { field: label })}>
            <IconButton size="small" aria-label={t('common.resetField', { field: label })} onClick={onReset}>
              <UndoIcon fontSize="small" />
            </IconButton>
          </Tooltip>
        )}
      </Box>
    </Box>
  );
}
