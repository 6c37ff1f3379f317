import { Box, Typography } from '@mui/material';
import { useEffect, useRef, type ReactElement } from 'react';
import { EntryIcon } from './entry-icon';
import { Keys } from './keys';
import type { PaletteEntry, PaletteGroup } from './palette-entries';

interface PaletteListProps {
  readonly id: string;
  readonly label: string;
  readonly groups: readonly PaletteGroup[];
  readonly activeId: string | null;
  readonly optionId: (entry: PaletteEntry) => string;
  readonly onPoint: (entry: PaletteEntry) => void;
  readonly onPick: (entry: PaletteEntry) => void;
  readonly emptyText: string;
}

/** The palette's lines by group. The focus stays in the text; the active line is marked and kept in sight. */
export function PaletteList(props: PaletteListProps): ReactElement {
  const { id, label, groups, activeId, optionId, onPoint, onPick, emptyText } = props;
  return (
    <Box sx={{ overflowY: 'auto', minHeight: 96, px: 1, py: 1 }}>
      {groups.length === 0 && (
        <Typography
          variant="body2"
          sx={{ px: 1.5, py: 2, color: 'text.secondary', overflowWrap: 'anywhere' }}
        >
          {emptyText}
        </Typography>
      )}
      <Box role="listbox" id={id} aria-label={label}>
        {groups.map((group) => (
          <Box role="group" key={group.id} aria-labelledby={`${id}-${group.id}`} sx={{ '& + &': { mt: 1 } }}>
            <Typography
              variant="overline"
              component="div"
              id={`${id}-${group.id}`}
              role="presentation"
              sx={{ px: 1.5, color: 'text.secondary' }}
            >
              {group.title}
            </Typography>
            {group.entries.map((entry) => (
              <PaletteOption
                key={entry.id}
                id={optionId(entry)}
                entry={entry}
                isActive={entry.id === activeId}
                onPoint={() => onPoint(entry)}
                onPick={() => onPick(entry)}
              />
            ))}
          </Box>
        ))}
      </Box>
    </Box>
  );
}

interface PaletteOptionProps {
  readonly id: string;
  readonly entry: PaletteEntry;
  readonly isActive: boolean;
  readonly onPoint: () => void;
  readonly onPick: () => void;
}

function PaletteOption({ id, entry, isActive, onPoint, onPick }: PaletteOptionProps): ReactElement {
  const { label, details, target } = entry;
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isActive) element.current?.scrollIntoView({ block: 'nearest' });
  }, [isActive]);
  return (
    <Box
      ref={element}
      role="option"
      id={id}
      aria-selected={isActive}
      // The mouse may rest where a line happens to appear: only its moving chooses.
      onMouseMove={isActive ? undefined : onPoint}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPick}
      sx={({ vars }) => ({
        display: 'flex',
        alignItems: 'center',
        gap: 1.25,
        minHeight: 38,
        px: 1.5,
        borderRadius: 1,
        cursor: 'pointer',
        scrollMargin: 32,
        ...(isActive
          ? {
              backgroundColor: vars?.palette.console.primarySoft,
              outline: `1px solid ${vars?.palette.primary.main}`,
              outlineOffset: -1,
            }
          : {}),
      })}
    >
      <EntryIcon target={target} />
      <Typography variant="body2" noWrap dir="auto" sx={{ fontWeight: 550, flex: 'none', maxWidth: '60%' }}>
        {label}
      </Typography>
      {details.map((detail) => (
        <Typography
          key={detail}
          variant="caption"
          noWrap
          dir="auto"
          sx={{ color: 'text.secondary', minWidth: 0 }}
        >
          {detail}
        </Typography>
      ))}
      {target.kind === 'command' && target.command.keys !== undefined && (
        <Box component="span" aria-hidden sx={{ ml: 'auto', display: 'inline-flex' }}>
          <Keys keys={target.command.keys} />
        </Box>
      )}
    </Box>
  );
}
