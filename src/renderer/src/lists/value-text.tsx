import LockIcon from '@mui/icons-material/LockOutlined';
import { Box, ButtonBase, Tooltip } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Cell } from '../../../shared/contract/browse';
import { formatBytes } from '../ui/format';

interface ValueTextProps {
  readonly cell: Cell;
  /** Of the grid's cell: what is in it is a stop of the Tab key only while the cell is. */
  readonly tabIndex: 0 | -1;
  /** Shows a cut value whole; its size is the button. */
  readonly onOpen: () => void;
}

/** One value of a database in one line: NULL, an empty text, a masked and a cut value each look like what they are. */
export function ValueText({ cell, tabIndex, onOpen }: ValueTextProps): ReactElement {
  const { t } = useTranslation();
  if (cell.text === null && cell.masked === true) return <MaskedValue />;
  if (cell.text === null) return <Mark>{t('browse.value.null')}</Mark>;
  if (cell.text === '') return <Mark>{t('browse.value.empty')}</Mark>;
  return (
    <>
      <Box
        component="span"
        dir="auto"
        sx={{ minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}
      >
        {cell.text}
      </Box>
      {cell.masked === true && <PartlyMasked />}
      {cell.bytes !== undefined && <CutMark bytes={cell.bytes} tabIndex={tabIndex} onOpen={onOpen} />}
    </>
  );
}

/** What is no text of the database's own stands in another voice. */
function Mark({ children }: { readonly children: string }): ReactElement {
  return (
    <Box component="span" sx={{ color: 'text.secondary', fontStyle: 'italic', fontSize: '0.92em' }}>
      {children}
    </Box>
  );
}

/** Beside a text of which the secret part is left out. */
function PartlyMasked(): ReactElement {
  const { t } = useTranslation();
  return (
    <Tooltip title={t('browse.value.partlyMaskedBody')}>
      <LockIcon
        aria-label={t('browse.value.partlyMasked')}
        sx={{ flex: 'none', ml: 0.5, fontSize: 14, color: 'text.secondary' }}
      />
    </Tooltip>
  );
}

function MaskedValue(): ReactElement {
  const { t } = useTranslation();
  return (
    <Tooltip describeChild title={t('browse.value.maskedBody')}>
      <Box
        component="span"
        sx={({ vars }) => ({
          display: 'inline-flex',
          alignItems: 'center',
          gap: 0.5,
          px: 0.75,
          borderRadius: 0.75,
          fontSize: '0.75rem',
          lineHeight: '1.25rem',
          color: vars?.palette.console.tone.neutral.ink,
          backgroundColor: vars?.palette.console.tone.neutral.ground,
        })}
      >
        <LockIcon aria-hidden sx={{ fontSize: 13 }} />
        {t('browse.value.masked')}
      </Box>
    </Tooltip>
  );
}

interface CutMarkProps extends Omit<ValueTextProps, 'cell'> {
  readonly bytes: number;
}

function CutMark({ bytes, tabIndex, onOpen }: CutMarkProps): ReactElement {
  const { t } = useTranslation();
  const size = formatBytes(bytes);
  return (
    <ButtonBase
      tabIndex={tabIndex}
      aria-label={t('browse.value.open', { size })}
      onClick={onOpen}
      sx={({ vars }) => ({
        flex: 'none',
        ml: 0.75,
        px: 0.75,
        minWidth: 24,
        height: 24,
        borderRadius: 0.75,
        fontFamily: 'inherit',
        fontSize: '0.71875rem',
        fontWeight: 600,
        color: vars?.palette.console.tone.info.ink,
        backgroundColor: vars?.palette.console.tone.info.ground,
        '&:hover': { textDecoration: 'underline' },
      })}
    >
      {size}
    </ButtonBase>
  );
}
