import { Box } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';

const places = [
  { path: '/database', label: 'database.tabs.server' },
  { path: '/database/browse', label: 'database.tabs.browse' },
  { path: '/database/sql', label: 'database.tabs.sql' },
  { path: '/database/health', label: 'database.tabs.health' },
] as const;

/** The four screens about the database itself, one beside the other. Stands below each one's header. */
export function DatabaseTabs(): ReactElement {
  const { t } = useTranslation();
  return (
    <Box
      component="nav"
      aria-label={t('database.tabs.label')}
      sx={({ vars }) => ({ mb: 2, borderBottom: `1px solid ${vars?.palette.divider}` })}
    >
      <Box
        component="ul"
        sx={({ vars }) => ({
          display: 'flex',
          flexWrap: 'wrap',
          m: 0,
          p: 0,
          listStyle: 'none',
          '& a': {
            display: 'block',
            px: 1.75,
            py: 1,
            mb: '-1px',
            fontSize: '0.875rem',
            fontWeight: 600,
            textDecoration: 'none',
            color: vars?.palette.text.secondary,
            borderBottom: '2px solid transparent',
          },
          '& a:hover': { color: vars?.palette.text.primary },
          '& a[aria-current]': {
            color: vars?.palette.primary.main,
            borderBottomColor: vars?.palette.primary.main,
          },
          '& a:focus-visible': { outline: `2px solid ${vars?.palette.primary.main}`, outlineOffset: -2 },
        })}
      >
        {places.map(({ path, label }) => (
          <li key={path}>
            <NavLink to={path} end={path === '/database'}>
              {t(label)}
            </NavLink>
          </li>
        ))}
      </Box>
    </Box>
  );
}
