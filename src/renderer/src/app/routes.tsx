import { createHashRouter, type RouteObject } from 'react-router';
import { LoadingLines } from '../components/states';
import { Gate } from './gate';
import { HomePage } from './home-page';
import { loadAllMessages } from './i18n';
import { NotFoundPage } from './not-found-page';
import { RouteError } from './route-error';
import { Shell } from './shell';

/**
 * Every screen and its address. Screens are split off, so that the first one loads neither charts nor grid. All but
 * Database and Workspaces need an open database with a complete schema: {@link Gate}.
 */
const schemaScreens: RouteObject[] = [
  {
    path: 'users',
    lazy: async () => ({ Component: (await import('../users/users-screen')).UsersScreen }),
  },
  {
    path: 'users/:id',
    lazy: async () => ({ Component: (await import('../users/user-screen')).UserScreen }),
  },
  {
    path: 'teams',
    lazy: async () => ({ Component: (await import('../teams/teams-screen')).TeamsScreen }),
  },
  {
    path: 'teams/:id',
    lazy: async () => ({ Component: (await import('../teams/team-screen')).TeamScreen }),
  },
  {
    path: 'subscriptions',
    lazy: async () => ({
      Component: (await import('../subscriptions/subscriptions-screen')).SubscriptionsScreen,
    }),
  },
  {
    path: 'subscriptions/:id',
    lazy: async () => ({
      Component: (await import('../subscriptions/subscription-screen')).SubscriptionScreen,
    }),
  },
  {
    path: 'api-keys',
    lazy: async () => ({ Component: (await import('../api-keys/api-keys-screen')).ApiKeysScreen }),
  },
  {
    path: 'api-keys/:id',
    lazy: async () => ({ Component: (await import('../api-keys/api-key-screen')).ApiKeyScreen }),
  },
  {
    path: 'usage',
    lazy: async () => ({ Component: (await import('../usage/usage-screen')).UsageScreen }),
  },
  {
    path: 'sync',
    lazy: async () => ({ Component: (await import('../sync/sync-screen')).SyncScreen }),
  },
];

/** A {@link Gate} that opens once the texts of the screens behind it are there. */
function gate(needs: 'workspace' | 'schema'): Pick<RouteObject, 'lazy'> {
  return {
    lazy: async () => {
      await loadAllMessages();
      return { element: <Gate needs={needs} /> };
    },
  };
}

export function createConsoleRouter(): ReturnType<typeof createHashRouter> {
  return createHashRouter([
    {
      element: <Shell />,
      errorElement: <RouteError />,
      children: [
        {
          errorElement: <RouteError />,
          hydrateFallbackElement: <LoadingLines lines={6} />,
          children: [
            { index: true, element: <HomePage /> },
            {
              path: 'workspaces',
              lazy: async () => ({ Component: (await import('../setup/setup-screen')).SetupScreen }),
            },
            {
              ...gate('workspace'),
              children: [
                {
                  path: 'database',
                  lazy: async () => ({
                    Component: (await import('../database/database-screen')).DatabaseScreen,
                  }),
                },
              ],
            },
            { ...gate('schema'), children: schemaScreens },
            { path: '*', element: <NotFoundPage /> },
          ],
        },
      ],
    },
  ]);
}
