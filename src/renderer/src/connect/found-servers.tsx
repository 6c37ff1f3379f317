import { Box, Button, Stack, Typography } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useFormContext } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { DiscoveredServer } from '../../../shared/contract/workspace';
import { useProcedureQuery } from '../api/use-procedure';
import { formatCount, formatList } from '../ui/format';
import { NameText } from '../ui/name-text';
import { notify } from '../ui/notifications';
import { Tag } from '../ui/tag';
import { ErrorState, LoadingLines } from '../ui/states';
import type { ConnectionValues } from './connection-values';
import { fillIn } from './fill-in';

const shownFirst = 4;

/** Servers that this machine seems to know already. Choosing one fills the form; nothing is connected to. */
export function FoundServers(): ReactElement {
  const { t, i18n } = useTranslation();
  const form = useFormContext<ConnectionValues>();
  const query = useProcedureQuery('workspace', 'discover', {});
  const [showsAll, setShowsAll] = useState(false);
  const found = query.data?.found ?? [];
  const shown = showsAll ? found : found.slice(0, shownFirst);
  const use = (server: DiscoveredServer): void => {
    fillIn(form, server.fields);
    notify('info', t('connect.found.filledIn', { label: server.label }));
  };
  return (
    <Box>
      <Stack direction="row" sx={{ alignItems: 'center', justifyContent: 'space-between', gap: 1 }}>
        <Typography variant="body2" component="h3" sx={{ fontWeight: 600 }}>
          {t('connect.found.title')}
        </Typography>
        <Button size="small" loading={query.isFetching} onClick={() => void query.refetch()}>
          {t('connect.found.again')}
        </Button>
      </Stack>
      {query.error !== null && query.data === undefined ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data === undefined ? (
        <LoadingLines lines={2} />
      ) : (
        <Stack sx={{ gap: 1 }}>
          {found.length === 0 ? (
            <Typography variant="body2">{t('connect.found.nothing')}</Typography>
          ) : (
            <Stack
              component="ul"
              sx={({ vars }) => ({
                m: 0,
                p: 0,
                listStyle: 'none',
                border: `1px solid ${vars?.palette.divider}`,
                borderRadius: 1,
                '& > li + li': { borderTop: `1px solid ${vars?.palette.divider}` },
              })}
            >
              {shown.map((server, place) => (
                <FoundServer key={`${place} ${server.label}`} server={server} onUse={() => use(server)} />
              ))}
            </Stack>
          )}
          {found.length > shownFirst && (
            <Button
              size="small"
              aria-expanded={showsAll}
              onClick={() => setShowsAll(!showsAll)}
              sx={{ alignSelf: 'flex-start' }}
            >
              {showsAll
                ? t('connect.found.showFewer')
                : t('connect.found.showAll', { formatted: formatCount(found.length - shownFirst) })}
            </Button>
          )}
          {/* So that an empty answer is believed. */}
          <Typography variant="caption" sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>
            {t('connect.found.lookedAt', { places: formatList(query.data.lookedAt, i18n.language) })}
          </Typography>
        </Stack>
      )}
    </Box>
  );
}

function FoundServer(props: { readonly server: DiscoveredServer; readonly onUse: () => void }): ReactElement {
  const { server, onUse } = props;
  const { t } = useTranslation();
  const { host, port, socketFolder, database, user } = server.fields;
  const place = socketFolder ?? host;
  return (
    <Box
      component="li"
      sx={{ display: 'flex', alignItems: 'center', gap: 1, px: 1.5, py: 0.75, minWidth: 0 }}
    >
      <Box sx={{ flex: 1, minWidth: 0 }}>
        <Typography variant="body2" component="div" sx={{ display: 'flex', minWidth: 0 }}>
          <NameText>{server.label}</NameText>
        </Typography>
        <Stack direction="row" sx={{ gap: 0.5, flexWrap: 'wrap', mt: 0.25, '&:empty': { display: 'none' } }}>
          {place !== undefined && place !== null && (
            <Tag>{port === undefined ? place : t('connect.found.place', { place, port: String(port) })}</Tag>
          )}
          {database !== undefined && <Tag>{t('connect.found.database', { database })}</Tag>}
          {user !== undefined && <Tag>{t('connect.found.user', { user })}</Tag>}
          {server.passwordKnown && <Tag>{t('connect.found.passwordKnown')}</Tag>}
        </Stack>
      </Box>
      <Button size="small" aria-label={t('connect.found.useNamed', { label: server.label })} onClick={onUse}>
        {t('connect.found.use')}
      </Button>
    </Box>
  );
}
