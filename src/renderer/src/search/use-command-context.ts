import { useColorScheme } from '@mui/material/styles';
import { useMemo } from 'react';
import { useNavigate } from 'react-router';
import { toApiError } from '../api/api-error';
import { useWorkspace } from '../api/app-state';
import { notify } from '../ui/notifications';
import type { CommandContext } from './commands';

/** What commands work on, as it is now. */
export function useCommandContext(): CommandContext {
  const navigate = useNavigate();
  const workspace = useWorkspace();
  const { mode = 'system', setMode } = useColorScheme();
  return useMemo(
    () => ({
      navigate,
      workspace,
      theme: mode,
      setTheme: setMode,
      onFailure: (error) => notify('error', toApiError(error).message),
    }),
    [navigate, workspace, mode, setMode],
  );
}
