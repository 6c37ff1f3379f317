import {
  Box,
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  FormControlLabel,
  Switch,
  Typography,
} from '@mui/material';
import { useId, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { commands, type Command } from './commands';
import { Keys } from './keys';
import { setSingleKeys, useSingleKeys } from './single-keys';

interface ShortcutSheetProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

const withKeys = (group: Command['group']): readonly Command[] =>
  commands.filter((command) => command.group === group && command.keys !== undefined);

/** Every shortcut there is, and the switch that turns single keys off. */
export function ShortcutSheet({ open, onClose }: ShortcutSheetProps): ReactElement {
  const { t } = useTranslation();
  const titleId = useId();
  const helpId = useId();
  const areOn = useSingleKeys();
  return (
    <Dialog open={open} onClose={onClose} aria-labelledby={titleId} maxWidth="md" fullWidth>
      <DialogTitle id={titleId}>{t('search.sheet.title')}</DialogTitle>
      <DialogContent>
        <Box
          sx={{
            display: 'grid',
            columnGap: 5,
            rowGap: 2.5,
            gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' },
          }}
        >
          <Box>
            <ShortcutGroup title={t('search.sheet.actions')} commands={withKeys('actions')} />
            <FormControlLabel
              sx={{ mt: 3 }}
              label={t('search.sheet.singleKeys')}
              control={
                <Switch
                  checked={areOn}
                  onChange={(_event, on) => setSingleKeys(on)}
                  slotProps={{ input: { 'aria-describedby': helpId } }}
                />
              }
            />
            <Typography id={helpId} variant="body2" sx={{ color: 'text.secondary' }}>
              {t('search.sheet.singleKeysHelp')}
            </Typography>
          </Box>
          <ShortcutGroup title={t('search.sheet.screens')} commands={withKeys('screens')} />
        </Box>
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button onClick={onClose} autoFocus>
          {t('common.close')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function ShortcutGroup({
  title,
  commands: shown,
}: {
  readonly title: string;
  readonly commands: readonly Command[];
}): ReactElement {
  const { t } = useTranslation();
  return (
    <Box component="section">
      <Typography variant="h3" sx={{ mb: 0.5 }}>
        {title}
      </Typography>
      <Box component="dl" sx={{ m: 0 }}>
        {shown.map(({ id, label, keys }) => (
          <Box
            key={id}
            sx={({ vars }) => ({
              display: 'flex',
              justifyContent: 'space-between',
              alignItems: 'center',
              gap: 2,
              minHeight: 32,
              borderBottom: `1px solid ${vars?.palette.divider}`,
            })}
          >
            <Typography component="dt" variant="body2">
              {t(label)}
            </Typography>
            <Box component="dd" sx={{ m: 0 }}>
              <Keys keys={keys ?? []} />
            </Box>
          </Box>
        ))}
      </Box>
    </Box>
  );
}
