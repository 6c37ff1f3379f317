import { Button } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Section } from '../ui/section';
import { showPanel } from '../search/panels';

/** The way to the sheet of shortcuts, where single keys can also be turned off. */
export function ShortcutsSection(): ReactElement {
  const { t } = useTranslation();
  return (
    <Section title={t('settings.shortcuts.title')} description={t('settings.shortcuts.body')}>
      <Button variant="outlined" onClick={() => showPanel('shortcuts')}>
        {t('settings.shortcuts.show')}
      </Button>
    </Section>
  );
}
