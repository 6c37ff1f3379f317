import { Box, Button, Paper, Stack } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { OptionsFilter } from '../lists/options-filter';
import { RemovableFilter } from '../lists/removable-filter';
import { PeriodPicker } from './period-picker';
import { noFilters, periodChanges, type UsageView } from './usage-url';

interface UsageFilterBarProps {
  readonly view: UsageView;
  readonly timeZone: string;
  readonly onChange: (changes: Readonly<Record<string, string | null>>) => void;
}

const optionFilters = [
  { area: 'models', name: 'modelId', label: 'records.model' },
  { area: 'users', name: 'userId', label: 'records.user' },
  { area: 'teams', name: 'teamId', label: 'records.team' },
  { area: 'apiKeys', name: 'apiKeyId', label: 'usage.dimension.apiKey' },
] as const;

/** Which days, and whose usage. */
export function UsageFilterBar({ view, timeZone, onChange }: UsageFilterBarProps): ReactElement {
  const { t } = useTranslation();
  const { filters } = view;
  return (
    <Paper
      variant="outlined"
      component="section"
      data-screen-only={Object.keys(filters).length === 0 ? true : undefined}
      role="search"
      aria-label={t('usage.filters')}
      sx={{ p: 1.25 }}
    >
      <Stack sx={{ gap: 1.5 }}>
        <PeriodPicker
          period={view.period}
          range={view.range}
          timeZone={timeZone}
          onChange={(choice) => onChange(periodChanges(choice))}
        />
        <Stack direction="row" sx={{ gap: 1.25, flexWrap: 'wrap', alignItems: 'center' }}>
          {optionFilters.map(({ area, name, label }) => (
            <OptionsFilter
              key={name}
              area={area}
              label={t(label)}
              value={filters[name]}
              onChange={(id) => onChange({ [name]: id ?? null })}
            />
          ))}
          {filters.subscriptionId !== undefined && (
            <RemovableFilter
              label={t('usage.filter.subscription')}
              onRemove={() => onChange({ subscriptionId: null })}
            />
          )}
          <Box sx={{ flex: 1 }} />
          {Object.keys(filters).length > 0 && (
            <Button size="small" onClick={() => onChange(noFilters)}>
              {t('usage.filter.clear')}
            </Button>
          )}
        </Stack>
      </Stack>
    </Paper>
  );
}
