import { QueryClient } from '@tanstack/react-query';
import { isWorthRetrying } from './api-error';

/**
 * One cache for every screen. `networkMode: 'always'`: the database is usually on this machine, so being offline
 * says nothing about it. What changes in the database is announced by `dataRevision`, so nothing polls.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        staleTime: 60_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 2 && isWorthRetrying(error),
        retryDelay: (attempt) => 500 * 2 ** attempt,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}
