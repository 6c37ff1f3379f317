import SearchIcon from '@mui/icons-material/Search';
import { Box, InputBase } from '@mui/material';
import type { KeyboardEvent, ReactElement } from 'react';

interface PaletteInputProps {
  readonly value: string;
  readonly label: string;
  readonly placeholder: string;
  readonly listId: string;
  /** The option that Enter picks. */
  readonly activeId: string | null;
  readonly onChange: (text: string) => void;
  /** True when the pasted text was taken over and must not appear. */
  readonly onPasteText: (text: string) => boolean;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** The text of the palette: a combobox that keeps the focus while its list is walked. */
export function PaletteInput(props: PaletteInputProps): ReactElement {
  const { value, label, placeholder, listId, activeId, onChange, onPasteText, onKeyDown } = props;
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.25, px: 2.5, py: 1.25 }}>
      <SearchIcon aria-hidden sx={{ color: 'text.secondary' }} />
      <InputBase
        autoFocus
        fullWidth
        value={value}
        placeholder={placeholder}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
        onPaste={(event) => {
          if (onPasteText(event.clipboardData.getData('text'))) event.preventDefault();
        }}
        inputProps={{
          role: 'combobox',
          'aria-label': label,
          'aria-expanded': true,
          'aria-controls': listId,
          'aria-autocomplete': 'list',
          ...(activeId === null ? {} : { 'aria-activedescendant': activeId }),
          autoComplete: 'off',
          spellCheck: false,
          maxLength: 300,
          dir: 'auto',
        }}
        sx={{ fontSize: '1.0625rem' }}
      />
    </Box>
  );
}
