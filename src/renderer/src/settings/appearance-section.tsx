import { MenuItem, Stack, TextField, ToggleButton, ToggleButtonGroup, Typography } from '@mui/material';
import { useColorScheme } from '@mui/material/styles';
import { useId, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { formatInstant, formatMoney } from '../ui/format';
import { chooseFormatLocale, formatLocale, formatLocales } from '../ui/format-locale';
import { Section } from '../ui/section';

const themes = ['light', 'dark', 'system'] as const;
const system = 'system';

/** How the console looks, on this machine only. */
export function AppearanceSection(): ReactElement {
  const { t } = useTranslation();
  return (
    <Section title={t('settings.appearance.title')} description={t('settings.appearance.remembered')}>
      <Stack sx={{ gap: 2.5, mt: 0.5 }}>
        <ThemeChoice />
        <FormatChoice />
      </Stack>
    </Section>
  );
}

function ThemeChoice(): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  const { mode = 'system', setMode } = useColorScheme();
  return (
    <Stack sx={{ gap: 0.75, alignItems: 'flex-start' }}>
      <Typography id={id} variant="caption" sx={{ color: 'text.secondary', fontWeight: 500 }}>
        {t('settings.appearance.theme')}
      </Typography>
      <ToggleButtonGroup
        exclusive
        size="small"
        value={mode}
        aria-labelledby={id}
        onChange={(_event, next: (typeof themes)[number] | null) => {
          if (next !== null) setMode(next);
        }}
      >
        {themes.map((theme) => (
          <ToggleButton key={theme} value={theme} sx={{ px: 2, py: 0.75 }}>
            {t(`app.theme.${theme}`)}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </Stack>
  );
}

/** Numbers and dates of every screen. */
function FormatChoice(): ReactElement {
  const { t } = useTranslation();
  // The choice itself lives outside React: screens read it when they draw.
  const [chosen, setChosen] = useState(formatLocale);
  const [now] = useState(() => new Date().toISOString());
  const example = (locale?: string): string =>
    [formatMoney('1234567.89', locale), formatInstant(now, locale)].join(' · ');
  return (
    <TextField
      select
      label={t('settings.appearance.format')}
      value={chosen ?? system}
      helperText={t('settings.appearance.formatHelp', { example: example() })}
      // Without the example that stands beside each choice: it is below the field.
      slotProps={{
        select: {
          renderValue: () => (chosen === undefined ? t('settings.appearance.formatSystem') : nameOf(chosen)),
        },
      }}
      onChange={(event) => {
        const next = formatLocales.find((locale) => locale === event.target.value);
        chooseFormatLocale(next);
        setChosen(next);
      }}
      sx={{ maxWidth: 420 }}
    >
      <MenuItem value={system}>{t('settings.appearance.formatSystem')}</MenuItem>
      {formatLocales.map((locale) => (
        <MenuItem
          key={locale}
          value={locale}
          sx={{ display: 'flex', gap: 3, justifyContent: 'space-between' }}
        >
          <span>{nameOf(locale)}</span>
          <Typography component="span" variant="caption" className="tabular" sx={{ color: 'text.secondary' }}>
            {example(locale)}
          </Typography>
        </MenuItem>
      ))}
    </TextField>
  );
}

/** A locale as its own speakers call it: "Deutsch (Schweiz)". */
function nameOf(locale: string): string {
  return (
    new Intl.DisplayNames(locale, { type: 'language', languageDisplay: 'standard' }).of(locale) ?? locale
  );
}
