import { Box, Dialog, LinearProgress, Typography } from '@mui/material';
import { useId, useMemo, useState, type KeyboardEvent, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useProcedureQuery } from '../api/use-procedure';
import { formatCount } from '../ui/format';
import { isKeyValue } from '../lists/list-url';
import { VisuallyHidden } from '../ui/visually-hidden';
import { type CommandContext, possibleCommands } from './commands';
import { Keys } from './keys';
import { useOffers } from '../ui/page-actions';
import { activeEntry, soughtIn, toGroups, type PaletteEntry, type PaletteGroup } from './palette-entries';
import { PaletteInput } from './palette-input';
import { PaletteList } from './palette-list';
import { readRecent, rememberRecent } from './recent-records';
import { useHits } from './use-hits';

interface PaletteProps {
  readonly open: boolean;
  readonly context: CommandContext;
  readonly onClose: () => void;
}

/** Finds any record, screen and action by a few letters. */
export function Palette({ open, context, onClose }: PaletteProps): ReactElement {
  const { t } = useTranslation();
  const titleId = useId();
  return (
    <Dialog
      open={open}
      onClose={onClose}
      fullWidth
      maxWidth="sm"
      aria-labelledby={titleId}
      slotProps={{
        container: { sx: { alignItems: 'flex-start' } },
        paper: { variant: 'outlined', sx: { mt: { xs: 2, sm: '10vh' }, maxHeight: '76vh', boxShadow: 12 } },
      }}
    >
      <VisuallyHidden>
        <span id={titleId}>{t('search.title')}</span>
      </VisuallyHidden>
      {/* The dialog drops its content when it closes: each opening begins afresh, and a pasted key is gone. */}
      <PaletteBody context={context} onClose={onClose} />
    </Dialog>
  );
}

function PaletteBody({ context, onClose }: Omit<PaletteProps, 'open'>): ReactElement {
  const { t } = useTranslation();
  const listId = useId();
  const [text, setText] = useState('');
  // A pasted key is asked for and shown nowhere.
  const [pastedKey, setPastedKey] = useState('');
  const [chosenId, setChosenId] = useState<string | null>(null);
  const typed = text.trim();
  const { groups, isAsking, error } = useGroups(context, typed, pastedKey);
  const entries = useMemo(() => groups.flatMap((group) => group.entries), [groups]);
  const active = activeEntry(entries, chosenId, isAsking);

  const pick = (entry: PaletteEntry): void => {
    const { target } = entry;
    onClose();
    if (target.kind === 'command') {
      target.command.run(context);
      return;
    }
    if (target.kind === 'record' && context.workspace !== null)
      rememberRecent(context.workspace.id, target.record);
    void context.navigate(target.path);
  };
  const step = (by: number): void => {
    if (entries.length === 0) return;
    const from = active === null ? (by > 0 ? -1 : 0) : entries.indexOf(active);
    const place = (from + by + entries.length) % entries.length;
    setChosenId(entries[place]?.id ?? null);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      step(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (active !== null && !event.ctrlKey && !event.metaKey) pick(active);
    }
  };

  const count = t('search.results', { count: entries.length, formatted: formatCount(entries.length) });
  return (
    <>
      <PaletteInput
        value={text}
        label={t('search.title')}
        placeholder={t(context.workspace === null ? 'search.placeholderClosed' : 'search.placeholder')}
        listId={listId}
        activeId={active === null ? null : optionId(listId, active)}
        onKeyDown={onKeyDown}
        onChange={(next) => {
          setText(next);
          setPastedKey('');
          setChosenId(null);
        }}
        onPasteText={(pasted) => {
          if (!isKeyValue(pasted.trim())) return false;
          setText('');
          setPastedKey(pasted.trim());
          setChosenId(null);
          return true;
        }}
      />
      <Box sx={({ vars }) => ({ height: 3, borderBottom: `1px solid ${vars?.palette.divider}` })}>
        {isAsking && <LinearProgress aria-label={t('common.loading')} sx={{ height: 2, borderRadius: 0 }} />}
      </Box>
      <VisuallyHidden>
        <span role="status">{isAsking ? '' : count}</span>
      </VisuallyHidden>
      {pastedKey !== '' && (
        <Typography variant="body2" sx={{ px: 2.5, pt: 1.5, color: 'text.secondary' }}>
          {t('search.pastedKey')}
        </Typography>
      )}
      {error !== null && (
        <Typography role="alert" variant="body2" sx={{ px: 2.5, pt: 1.5, color: 'error.main' }}>
          {t('search.failed', { message: error.message })}
        </Typography>
      )}
      <PaletteList
        id={listId}
        label={t('search.title')}
        groups={groups}
        activeId={active?.id ?? null}
        optionId={(entry) => optionId(listId, entry)}
        onPoint={(entry) => setChosenId(entry.id)}
        onPick={pick}
        emptyText={
          isAsking
            ? t('common.loading')
            : pastedKey === ''
              ? t('search.nothing', { text: typed })
              : t('search.noKey')
        }
      />
      <PaletteFooter />
    </>
  );
}

const optionId = (listId: string, { id }: PaletteEntry): string => `${listId}-${id}`;

interface Groups {
  readonly groups: readonly PaletteGroup[];
  readonly isAsking: boolean;
  readonly error: ReturnType<typeof useHits>['error'];
}

function useGroups(context: CommandContext, typed: string, pastedKey: string): Groups {
  const { t } = useTranslation();
  const { workspace } = context;
  useOffers();
  const source = workspace === null ? null : workspace.schema === 'current' ? 'records' : 'relations';
  const { sought, isEdit } = soughtIn(typed, t('search.editWord'));
  const { records, relations, isAsking, error } = useHits(
    pastedKey === '' ? sought : pastedKey,
    source,
    pastedKey === '',
  );
  const [remembered] = useState(() =>
    workspace === null || source !== 'records' ? [] : readRecent(workspace.id),
  );
  const recent = useProcedureQuery(
    'search',
    'records',
    { records: [...remembered] },
    { enabled: remembered.length > 0 },
  );
  const groups = toGroups(t, {
    text: typed,
    commands: pastedKey === '' ? possibleCommands(context) : [],
    recent: pastedKey === '' ? (recent.data?.hits ?? []) : [],
    records,
    relations,
    isEdit: isEdit && workspace?.access === 'administer',
  });
  return { groups, isAsking, error };
}

/** The keys of the palette itself. */
function PaletteFooter(): ReactElement {
  const { t } = useTranslation();
  const hints = [
    { keys: ['↑', '↓'], label: t('search.hint.choose') },
    { keys: ['↵'], label: t('search.hint.open') },
    { keys: ['Esc'], label: t('search.hint.close') },
  ];
  return (
    <Box
      aria-hidden
      sx={({ vars }) => ({
        display: 'flex',
        flexWrap: 'wrap',
        columnGap: 2.5,
        rowGap: 0.5,
        px: 2.5,
        py: 1.25,
        borderTop: `1px solid ${vars?.palette.divider}`,
      })}
    >
      {hints.map(({ keys, label }) => (
        <Box key={label} sx={{ display: 'flex', alignItems: 'center', gap: 0.75 }}>
          {keys.map((key) => (
            <Keys key={key} keys={[key]} />
          ))}
          <Typography variant="caption" sx={{ color: 'text.secondary' }}>
            {label}
          </Typography>
        </Box>
      ))}
    </Box>
  );
}
