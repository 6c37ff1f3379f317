import DarkIcon from '@mui/icons-material/DarkModeOutlined';
import LightIcon from '@mui/icons-material/LightModeOutlined';
import SystemIcon from '@mui/icons-material/SettingsBrightnessOutlined';
import { Divider, IconButton, ListItemIcon, ListItemText, Menu, MenuItem, Tooltip } from '@mui/material';
import { useColorScheme } from '@mui/material/styles';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link as RouterLink } from 'react-router';

const modes = [
  { mode: 'light', icon: LightIcon },
  { mode: 'dark', icon: DarkIcon },
  { mode: 'system', icon: SystemIcon },
] as const;

/** Light, dark, or as the system has it. */
export function ThemeSwitch(): ReactElement {
  const { t } = useTranslation();
  const { mode = 'system', setMode } = useColorScheme();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const Current = (modes.find((entry) => entry.mode === mode) ?? modes[2]).icon;
  return (
    <>
      <Tooltip title={t('app.theme.label')}>
        <IconButton
          color="inherit"
          aria-label={t('app.theme.label')}
          aria-haspopup="menu"
          aria-expanded={anchor !== null}
          onClick={({ currentTarget }) => setAnchor(currentTarget)}
        >
          <Current fontSize="small" />
        </IconButton>
      </Tooltip>
      <Menu open={anchor !== null} anchorEl={anchor} onClose={() => setAnchor(null)}>
        {modes.map(({ mode: choice, icon: Icon }) => (
          <MenuItem
            key={choice}
            selected={choice === mode}
            onClick={() => {
              setMode(choice);
              setAnchor(null);
            }}
          >
            <ListItemIcon>
              <Icon fontSize="small" />
            </ListItemIcon>
            <ListItemText>{t(`app.theme.${choice}`)}</ListItemText>
          </MenuItem>
        ))}
        <Divider />
        <MenuItem component={RouterLink} to="/settings" onClick={() => setAnchor(null)}>
          {t('app.theme.allSettings')}
        </MenuItem>
      </Menu>
    </>
  );
}
