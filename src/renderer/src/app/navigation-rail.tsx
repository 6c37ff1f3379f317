import { Box, List, ListItem, ListItemButton, ListItemIcon, ListItemText } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link as RouterLink, useLocation } from 'react-router';
import { useWorkspace } from '../api/app-state';
import { Brand } from './brand';
import { navigationGroups, railWidth, type NavigationItem } from '../ui/navigation';

/** The screens, with icon and name. Without a complete schema only those that still work are there. */
export function NavigationRail({ onNavigate }: { readonly onNavigate?: () => void }): ReactElement {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  const isComplete = workspace?.schema === 'current';
  return (
    <Box
      component="nav"
      aria-label={t('app.navigation.label')}
      sx={({ vars }) => ({
        width: railWidth,
        height: '100%',
        overflowY: 'auto',
        color: vars?.palette.console.rail.ink,
        backgroundColor: vars?.palette.console.rail.main,
      })}
    >
      <Brand />
      {navigationGroups.map((group, index) => {
        const items = group.filter((item) => isComplete || item.worksWithoutSchema === true);
        return items.length === 0 ? null : (
          <List key={index} dense sx={{ px: 1.25, py: 0, mb: 2 }}>
            {items.map((item) => (
              <RailItem key={item.path} item={item} {...(onNavigate ? { onNavigate } : {})} />
            ))}
          </List>
        );
      })}
    </Box>
  );
}

function RailItem({ item, onNavigate }: { item: NavigationItem; onNavigate?: () => void }): ReactElement {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const isCurrent =
    item.path === '/' ? pathname === '/' : pathname === item.path || pathname.startsWith(`${item.path}/`);
  const Icon = item.icon;
  return (
    <ListItem disablePadding>
      <ListItemButton
        component={RouterLink}
        to={item.path}
        selected={isCurrent}
        aria-current={isCurrent ? 'page' : undefined}
        onClick={() => onNavigate?.()}
        sx={({ vars }) => {
          const rail = vars?.palette.console.rail;
          return {
            borderRadius: 1,
            my: 0.25,
            py: 0.625,
            px: 1.25,
            color: rail?.inkSoft,
            '&:hover': { backgroundColor: rail?.selected, color: rail?.ink },
            '&.Mui-selected, &.Mui-selected:hover': { backgroundColor: rail?.selected, color: rail?.ink },
            '&.Mui-selected .MuiListItemIcon-root': { color: rail?.accent },
            '&.Mui-focusVisible': { outlineColor: rail?.accent, outlineOffset: -2 },
          };
        }}
      >
        <ListItemIcon sx={{ minWidth: 32, color: 'inherit' }}>
          <Icon sx={{ fontSize: 20 }} />
        </ListItemIcon>
        <ListItemText
          primary={t(item.label)}
          slotProps={{ primary: { sx: { fontWeight: 550, fontSize: '0.875rem' } } }}
        />
      </ListItemButton>
    </ListItem>
  );
}
