import { Box, Stack, Tooltip } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount, formatList } from './format';
import { NameText } from './name-text';
import { visibleName } from './visible-name';

/** A short name that belongs to a record (a role, a model): no state, so no colour. */
export function Tag({ children }: { readonly children: string }): ReactElement {
  return (
    <Box
      component="span"
      sx={({ vars }) => ({
        display: 'inline-flex',
        maxWidth: '100%',
        px: 0.875,
        border: `1px solid ${vars?.palette.divider}`,
        borderRadius: 1,
        fontSize: '0.78125rem',
        lineHeight: '1.25rem',
        minWidth: 0,
        verticalAlign: 'middle',
      })}
    >
      <NameText>{children}</NameText>
    </Box>
  );
}

interface TagRowProps {
  readonly labels: readonly string[];
  /** How many there are in all, where more than `labels` are known to exist. */
  readonly total?: number;
  /** How many fit; the others are counted, and named in the tooltip as far as they are known. */
  readonly show: number;
}

/** Tags in one line: the first few, then how many more. */
export function TagRow({ labels, total = labels.length, show }: TagRowProps): ReactElement {
  const { t, i18n } = useTranslation();
  const shown = labels.slice(0, show);
  const hidden = labels.slice(show);
  const more = total - shown.length;
  const unnamed = total - labels.length;
  return (
    <Stack
      direction="row"
      component="span"
      sx={{ gap: 0.5, alignItems: 'center', minWidth: 0, maxWidth: '100%' }}
    >
      {shown.map((label, place) => (
        <Tag key={`${place} ${label}`}>{label}</Tag>
      ))}
      {more > 0 && (
        <Tooltip
          title={formatList(
            [
              ...hidden.map(visibleName),
              ...(unnamed > 0 ? [t('records.moreLabel', { formatted: formatCount(unnamed) })] : []),
            ],
            i18n.language,
          )}
        >
          <Box component="span" sx={{ flex: 'none' }}>
            <Tag>{t('records.more', { formatted: formatCount(more) })}</Tag>
          </Box>
        </Tooltip>
      )}
    </Stack>
  );
}

/** Tags in as many lines as they need. */
export function TagCloud({ labels }: { readonly labels: readonly string[] }): ReactElement {
  return (
    <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none', display: 'flex', gap: 0.75, flexWrap: 'wrap' }}>
      {labels.map((label, place) => (
        <Box component="li" key={`${place} ${label}`} sx={{ minWidth: 0, maxWidth: '100%' }}>
          <Tag>{label}</Tag>
        </Box>
      ))}
    </Box>
  );
}
