import { useMediaQuery } from '@mui/material';

/** Whether a list has room for all its columns beside the navigation. */
export function useIsRoomy(): boolean {
  return useMediaQuery('(min-width: 1500px)', { noSsr: true });
}
