import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState, type ReactElement } from 'react';
import { RouterProvider } from 'react-router/dom';
import { followAppState } from '../api/app-state';
import { followChanges } from '../api/follow-changes';
import { createQueryClient } from '../api/query-client';
import { Appearance } from './appearance';
import { createConsoleRouter } from './routes';
import { ToastsHost } from './toasts-host';

const queryClient = createQueryClient();

/** The whole console as a person sees it. */
export function App(): ReactElement {
  // Not before: browser mode's bridge first takes the one-time token out of the address.
  const [router] = useState(createConsoleRouter);
  useEffect(() => {
    const controller = new AbortController();
    const stopFollowing = followChanges(queryClient);
    void followAppState(controller.signal);
    return () => {
      controller.abort();
      stopFollowing();
    };
  }, []);
  return (
    <Appearance>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <ToastsHost />
      </QueryClientProvider>
    </Appearance>
  );
}
