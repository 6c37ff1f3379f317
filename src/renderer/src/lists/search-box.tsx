import ClearIcon from '@mui/icons-material/Clear';
import SearchIcon from '@mui/icons-material/Search';
import { IconButton, InputAdornment, TextField } from '@mui/material';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { usePageAction } from '../ui/page-actions';

interface SearchBoxProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What is searched: "Search users". */
  readonly label: string;
}

const debounceMs = 250;

/** A search box that waits for a pause in typing. `/` anywhere on the page leads into it. */
export function SearchBox({ value, onChange, label }: SearchBoxProps): ReactElement {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  const [sent, setSent] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  // The URL changed by other means (Back, "clear filters"): follow it.
  if (value !== sent) {
    setSent(value);
    setText(value);
  }
  useEffect(() => {
    if (text === value) return undefined;
    const timer = setTimeout(() => {
      setSent(text.trim());
      onChange(text.trim());
    }, debounceMs);
    return () => clearTimeout(timer);
    // onChange is new with each render; what counts is the text.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [text, value]);
  usePageAction('focusSearch', () => input.current?.focus());
  return (
    <TextField
      inputRef={input}
      value={text}
      onChange={(event) => setText(event.target.value)}
      placeholder={label}
      slotProps={{
        htmlInput: {
          'aria-label': label,
          maxLength: 300,
          autoComplete: 'off',
          spellCheck: false,
          dir: 'auto',
        },
        input: {
          startAdornment: (
            <InputAdornment position="start">
              <SearchIcon fontSize="small" />
            </InputAdornment>
          ),
          endAdornment:
            text === '' ? undefined : (
              <InputAdornment position="end">
                <IconButton
                  size="small"
                  edge="end"
                  aria-label={t('common.clearSearch')}
                  onClick={() => setText('')}
                >
                  <ClearIcon fontSize="small" />
                </IconButton>
              </InputAdornment>
            ),
        },
      }}
      sx={{ width: 320 }}
    />
  );
}
