import { Checkbox, FormControlLabel } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useProcedureCommand } from '../api/use-procedure';
import { notify } from '../ui/notifications';

/** Storage that protects nothing is used only where the person ticks what that means, and until they take that back. */
export function AllowUnprotected({ isAllowed }: { readonly isAllowed: boolean }): ReactElement {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const allow = useProcedureCommand('workspace', 'allowUnprotectedSecrets');
  return (
    <FormControlLabel
      control={
        <Checkbox
          size="small"
          checked={isAllowed}
          disabled={allow.isPending}
          onChange={(event) =>
            allow.mutate(
              { allow: event.target.checked },
              {
                onSuccess: () => void queryClient.invalidateQueries({ queryKey: ['app', 'info'] }),
                onError: (error) => notify('error', error.message),
              },
            )
          }
          sx={{ py: 0.25 }}
        />
      }
      label={t('connect.password.allowUnprotected')}
      slotProps={{ typography: { variant: 'body2' } }}
      sx={{ display: 'flex', alignItems: 'flex-start', mt: 0.5 }}
    />
  );
}
