import { createHashRouter, type RouteObject } from 'react-router';
import { LoadingLines } from '../ui/states';
import { Gate } from './gate';
import { HomePage } from './home-page';
import { loadAllMessages } from '../ui/i18n';
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
    path: 'users/offboarded/:batchId',
    lazy: async () => ({
      Component: (await import('../users/offboard/offboard-report-screen')).OffboardReportScreen,
    }),
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
    path: 'models',
    lazy: async () => ({ Component: (await import('../models/models-screen')).ModelsScreen }),
  },
  {
    path: 'models/:id',
    lazy: async () => ({ Component: (await import('../models/model-screen')).ModelScreen }),
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
    path: 'api-keys/refused',
    lazy: async () => ({ Component: (await import('../api-keys/refused-screen')).RefusedScreen }),
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
    path: 'audit',
    lazy: async () => ({ Component: (await import('../audit/audit-screen')).AuditScreen }),
  },
  {
    path: 'audit/:id',
    lazy: async () => ({ Component: (await import('../audit/audit-entry-screen')).AuditEntryScreen }),
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
              path: 'connect',
              lazy: async () => {
                await loadAllMessages();
                return { Component: (await import('../connect/connect-screen')).ConnectScreen };
              },
            },
            {
              path: 'workspaces/:id',
              lazy: async () => {
                await loadAllMessages();
                return { Component: (await import('../connect/edit-workspace-screen')).EditWorkspaceScreen };
              },
            },
            {
              path: 'settings',
              lazy: async () => {
                await loadAllMessages();
                return { Component: (await import('../settings/settings-screen')).SettingsScreen };
              },
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
                {
                  path: 'database/browse',
                  lazy: async () => ({ Component: (await import('../browse/browse-screen')).BrowseScreen }),
                },
                {
                  path: 'database/browse/:schema/:relation',
                  lazy: async () => ({
                    Component: (await import('../browse/relation-screen')).RelationScreen,
                  }),
                },
                {
                  path: 'database/health',
                  lazy: async () => ({ Component: (await import('../health/health-screen')).HealthScreen }),
                },
                {
                  path: 'database/sql',
                  lazy: async () => ({ Component: (await import('../sql/sql-screen')).SqlScreen }),
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
