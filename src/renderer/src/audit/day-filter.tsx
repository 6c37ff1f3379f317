import { TextField } from '@mui/material';
import { useEffect, useState, type ReactElement } from 'react';

interface DayFilterProps {
  readonly label: string;
  /** `YYYY-MM-DD`. */
  readonly value: string | undefined;
  readonly help?: string | undefined;
  readonly isWrong?: boolean;
  readonly onChange: (day: string | undefined) => void;
}

const debounceMs = 500;

/** One end of a range of days. Taken over after a pause: while a year is typed, every digit makes another date. */
export function DayFilter({
  label,
  value = '',
  help,
  isWrong = false,
  onChange,
}: DayFilterProps): ReactElement {
  const [draft, setDraft] = useState(value);
  const [known, setKnown] = useState(value);
  // The address changed by other means (Back, "clear filters"): follow it.
  if (value !== known) {
    setKnown(value);
    setDraft(value);
  }
  useEffect(() => {
    if (draft === value) return undefined;
    const timer = setTimeout(() => {
      setKnown(draft);
      onChange(draft === '' ? undefined : draft);
    }, debounceMs);
    return () => clearTimeout(timer);
    // onChange is new with each render; what counts is the day.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [draft, value]);
  return (
    <TextField
      type="date"
      label={label}
      value={draft}
      error={isWrong}
      helperText={help}
      onChange={(event) => setDraft(event.target.value)}
      slotProps={{ inputLabel: { shrink: true }, formHelperText: { sx: { mx: 0.5, mb: 0 } } }}
      sx={{ width: 150 }}
    />
  );
}
