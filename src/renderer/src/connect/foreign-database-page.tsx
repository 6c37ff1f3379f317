import ArticleIcon from '@mui/icons-material/TableRowsOutlined';
import HealthIcon from '@mui/icons-material/MonitorHeartOutlined';
import TerminalIcon from '@mui/icons-material/TerminalOutlined';
import { Box, Button, Link, Stack, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link as RouterLink } from 'react-router';
import type { WorkspaceState } from '../../../shared/contract/app';
import { useCanWrite } from '../api/app-state';
import { PageHeader } from '../ui/page-header';
import { Section } from '../ui/section';

const places = [
  { to: '/database/browse', text: 'browse', Icon: ArticleIcon },
  { to: '/database/sql', text: 'sql', Icon: TerminalIcon },
  { to: '/database/health', text: 'health', Icon: HealthIcon },
] as const;

/**
 * Instead of the overview and every screen about people and usage, where the open database has no schema of ours:
 * which database it is, what can be done with it, and what those screens would need.
 */
export function ForeignDatabasePage({ workspace }: { readonly workspace: WorkspaceState }): ReactElement {
  const { t } = useTranslation();
  const canWrite = useCanWrite();
  const { kind, statement } = workspace.passport;
  const isEmpty = workspace.schema === 'empty';
  return (
    <>
      <PageHeader title={t(`connect.foreign.title.${kind}`)} description={statement} />
      <Stack sx={{ gap: 2.5 }}>
        <Section title={t('connect.foreign.worksTitle')} description={t('connect.foreign.worksDescription')}>
          <Stack component="ul" sx={{ m: 0, p: 0, pt: 0.5, gap: 2, listStyle: 'none' }}>
            {places.map(({ to, text, Icon }) => (
              <Box component="li" key={to} sx={{ display: 'flex', gap: 1.5 }}>
                <Icon aria-hidden sx={{ color: 'primary.main', fontSize: 22, flex: 'none' }} />
                <Box>
                  <Link component={RouterLink} to={to} sx={{ fontWeight: 600, fontSize: '0.9375rem' }}>
                    {t(`connect.foreign.${text}`)}
                  </Link>
                  <Typography variant="body2" sx={{ color: 'text.secondary' }}>
                    {t(`connect.foreign.${text}Help`)}
                  </Typography>
                </Box>
              </Box>
            ))}
          </Stack>
        </Section>
        <Section title={t('connect.foreign.needsTitle')}>
          <Typography variant="body2" sx={{ mb: 2 }}>
            {t(
              isEmpty
                ? canWrite
                  ? 'connect.foreign.needsMigrations'
                  : 'connect.foreign.needsAdministrator'
                : 'connect.foreign.needsOtherDatabase',
            )}
          </Typography>
          <Stack direction="row" sx={{ gap: 1, flexWrap: 'wrap' }}>
            {isEmpty && (
              <Button component={RouterLink} to="/database" variant={canWrite ? 'contained' : 'outlined'}>
                {t(canWrite ? 'connect.foreign.migrate' : 'connect.foreign.database')}
              </Button>
            )}
            {isEmpty && !canWrite && (
              <Button component={RouterLink} to={`/workspaces/${workspace.id}`} variant="contained">
                {t('connect.foreign.edit')}
              </Button>
            )}
            {!isEmpty && (
              <Button component={RouterLink} to="/workspaces" variant="outlined">
                {t('connect.foreign.other')}
              </Button>
            )}
          </Stack>
        </Section>
      </Stack>
    </>
  );
}
