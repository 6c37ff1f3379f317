import { Stack, TextField, ToggleButton, ToggleButtonGroup } from '@mui/material';
import { useEffect, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { DayRange } from '../charts/calendar';
import { isDay } from '../charts/calendar';
import { rangeProblem, usagePeriods, type UsagePeriod } from './usage-period';

interface PeriodPickerProps {
  readonly period: UsagePeriod | 'custom';
  readonly range: DayRange;
  readonly timeZone: string;
  readonly onChange: (choice: UsagePeriod | DayRange) => void;
}

/** Chooses a period: one that moves with today, or days of one's own. */
export function PeriodPicker({ period, range, timeZone, onChange }: PeriodPickerProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Stack direction="row" sx={{ gap: 1.25, flexWrap: 'wrap', alignItems: 'flex-start' }}>
      <ToggleButtonGroup
        exclusive
        size="small"
        value={period}
        aria-label={t('usage.period.label')}
        onChange={(_event, next: UsagePeriod | 'custom' | null) => {
          if (next !== null) onChange(next === 'custom' ? range : next);
        }}
        sx={{ flexWrap: 'wrap' }}
      >
        {[...usagePeriods, 'custom' as const].map((name) => (
          <ToggleButton key={name} value={name} sx={{ px: 1.5, py: 0.875, lineHeight: 1.35 }}>
            {t(`usage.period.${name}`)}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      {period === 'custom' && <CustomRange range={range} timeZone={timeZone} onChange={onChange} />}
    </Stack>
  );
}

const debounceMs = 500;

/** Two days; taken over once both are there and in order. */
function CustomRange({
  range,
  timeZone,
  onChange,
}: Pick<PeriodPickerProps, 'range' | 'timeZone' | 'onChange'>): ReactElement {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(range);
  const [known, setKnown] = useState(range);
  // The address changed by other means (Back): follow it.
  if (range.from !== known.from || range.to !== known.to) {
    setKnown(range);
    setDraft(range);
  }
  const problem = rangeProblem(draft);
  useEffect(() => {
    if (problem !== null || (draft.from === range.from && draft.to === range.to)) return undefined;
    const timer = setTimeout(() => {
      setKnown(draft);
      onChange(draft);
    }, debounceMs);
    return () => clearTimeout(timer);
    // onChange is new with each render; what counts are the days.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [draft, problem, range]);

  const invalidFrom = problem === 'invalid' && !isDay(draft.from);
  const endProblem = problem === null || (problem === 'invalid' && isDay(draft.to)) ? null : problem;
  return (
    <Stack direction="row" sx={{ gap: 1 }}>
      <TextField
        type="date"
        label={t('usage.period.from')}
        value={draft.from}
        error={invalidFrom}
        helperText={invalidFrom ? t('usage.period.invalid') : t('usage.period.zone', { timeZone })}
        onChange={(event) => setDraft({ ...draft, from: event.target.value })}
        slotProps={{ inputLabel: { shrink: true } }}
      />
      <TextField
        type="date"
        label={t('usage.period.to')}
        value={draft.to}
        error={endProblem !== null}
        helperText={endProblem === null ? undefined : t(`usage.period.${endProblem}`)}
        onChange={(event) => setDraft({ ...draft, to: event.target.value })}
        slotProps={{ inputLabel: { shrink: true } }}
      />
    </Stack>
  );
}
