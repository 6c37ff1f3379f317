import { Box, Stack } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../ui/copy-button';
import type { Relation } from './relation-screen';

/** The query of a view. */
export function DefinitionTab({ relation }: { readonly relation: Relation }): ReactElement {
  const { t } = useTranslation();
  const text = relation.viewDefinition ?? '';
  return (
    <Box sx={{ position: 'relative' }}>
      <Stack sx={{ position: 'absolute', top: 8, right: 16 }}>
        <CopyButton value={text} label={t('browse.structure.copyDefinition')} />
      </Stack>
      <Box
        component="pre"
        tabIndex={0}
        role="region"
        aria-label={t('browse.structure.viewDefinition')}
        sx={{
          m: 0,
          px: 2.5,
          py: 2,
          overflow: 'auto',
          fontFamily: 'ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace',
          fontSize: '0.8125rem',
          lineHeight: 1.55,
        }}
      >
        {text}
      </Box>
    </Box>
  );
}
