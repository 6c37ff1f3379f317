import { Box, Button, Stack } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface PanelFormProps {
  /** What the button says that sends the form, or why it can't be sent yet. */
  readonly submitLabel: string;
  readonly maySubmit: boolean;
  readonly onSubmit: () => void;
  readonly onCancel: () => void;
  readonly children: ReactNode;
}

/** The form in an `EditPanel`: its fields scroll, its buttons stay. Ctrl+Enter sends it from any field. */
export function PanelForm(props: PanelFormProps): ReactElement {
  const { submitLabel, maySubmit, onSubmit, onCancel, children } = props;
  const { t } = useTranslation();
  return (
    <Box
      component="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        // Else the form would be sent by it as well, and two reviews shown.
        event.preventDefault();
        onSubmit();
      }}
      sx={{ display: 'flex', flexDirection: 'column', flex: 1, minHeight: 0 }}
    >
      <Stack sx={{ gap: 2, px: 1.5, py: 1.5, flex: 1, overflowY: 'auto' }}>{children}</Stack>
      <Stack
        direction="row"
        sx={{ justifyContent: 'flex-end', gap: 1, px: 3, py: 2, borderTop: 1, borderColor: 'divider' }}
      >
        <Button onClick={onCancel}>{t('common.cancel')}</Button>
        <Button type="submit" variant="contained" disabled={!maySubmit}>
          {submitLabel}
        </Button>
      </Stack>
    </Box>
  );
}
