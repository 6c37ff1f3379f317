import type { NavigateFunction } from 'react-router';
import type { WorkspaceState } from '../../../shared/contract/app';
import { call } from '../api/client';
import { navigationGroups } from '../ui/navigation';
import { isOffered, type PageAction, runPageAction } from '../ui/page-actions';
import { showPanel } from './panels';

/** What commands need of the shell. */
export interface CommandContext {
  readonly navigate: NavigateFunction;
  readonly workspace: WorkspaceState | null;
  readonly theme: 'light' | 'dark' | 'system';
  readonly setTheme: (theme: 'light' | 'dark' | 'system') => void;
  /** Tells why something could not be done. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Something a person can do from anywhere. The one table from which the palette, the shortcut sheet and the handler of
 * the keyboard come.
 */
export interface Command {
  readonly id: string;
  readonly group: 'screens' | 'actions';
  readonly label: CommandLabel;
  /** Keys pressed one after the other; `mod+k` is one with Ctrl, or ⌘ on a Mac. */
  readonly keys?: readonly string[];
  /** Absent: always possible. */
  readonly isPossible?: (context: CommandContext) => boolean;
  readonly run: (context: CommandContext) => void;
}

type CommandLabel =
  | (typeof navigationGroups)[number][number]['label']
  | `search.command.${
      | 'browse'
      | 'sql'
      | 'health'
      | 'workspaces'
      | 'connect'
      | 'palette'
      | 'shortcuts'
      | 'focusSearch'
      | 'exportList'
      | 'saveView'
      | 'print'
      | 'openJobs'
      | 'themeLight'
      | 'themeDark'
      | 'themeSystem'
      | 'closeWorkspace'
      | 'editWorkspace'
      | 'editUser'
      | 'deactivateUser'
      | 'reactivateUser'
      | 'offboardUser'
      | 'newTeam'
      | 'newApiKey'
      | 'editTeam'
      | 'deactivateTeam'
      | 'reactivateTeam'
      | 'whyRefused'
      | 'editApiKey'
      | 'blockApiKey'
      | 'unblockApiKey'
      | 'revokeApiKey'
      | 'deleteApiKey'
      | 'revealApiKey'
      | 'rotateApiKey'
      | 'newModel'
      | 'editModel'
      | 'setModelPrice'
      | 'deactivateModel'
      | 'reactivateModel'
      | 'testModel'
      | 'replaceModel'
      | 'retireModel'
      | 'newSubscriptions'
      | 'subscribeUser'
      | 'subscribeUsers'
      | 'editSubscription'
      | 'approveSubscription'
      | 'denySubscription'
      | 'suspendSubscription'
      | 'reactivateSubscription'
      | 'resetSubscription'
      | 'cancelSubscription'
      | 'editSelected'
      | 'deactivateSelected'
      | 'reactivateSelected'
      | 'approveSelected'
      | 'denySelected'
      | 'suspendSelected'
      | 'cancelSelected'
      | 'toAdminister'
      | 'toReadOnly'
      | 'newUser'
      | 'startServer'
      | 'pull'
      | 'checkHealth'
      | 'runSql'}`;

/** The second key of `g`, then …; by address. */
const screenKeys: Readonly<Record<string, string>> = {
  '/': 'o',
  '/users': 'u',
  '/teams': 't',
  '/models': 'm',
  '/subscriptions': 's',
  '/api-keys': 'k',
  '/usage': 'a',
  '/sync': 'y',
  '/database': 'd',
  '/database/browse': 'b',
  '/database/sql': 'q',
  '/database/health': 'h',
  '/audit': 'l',
  '/settings': ',',
  '/workspaces': 'w',
};

const hasSchema = ({ workspace }: CommandContext): boolean => workspace?.schema === 'current';
const isOpen = ({ workspace }: CommandContext): boolean => workspace !== null;

function goTo(path: string, label: CommandLabel, isPossible?: Command['isPossible']): Command {
  const key = screenKeys[path];
  return {
    id: `go ${path}`,
    group: 'screens',
    label,
    ...(key === undefined ? {} : { keys: ['g', key] }),
    ...(isPossible === undefined ? {} : { isPossible }),
    run: ({ navigate }) => void navigate(path),
  };
}

function onPage(action: PageAction, keys?: readonly string[]): Command {
  return {
    id: action,
    group: 'actions',
    label: `search.command.${action}`,
    ...(keys === undefined ? {} : { keys }),
    isPossible: () => isOffered(action),
    run: () => runPageAction(action),
  };
}

function theme(name: CommandContext['theme'], label: CommandLabel): Command {
  return {
    id: `theme ${name}`,
    group: 'actions',
    label,
    isPossible: (context) => context.theme !== name,
    run: ({ setTheme }) => setTheme(name),
  };
}

/** Opens the palette; the one command that is not in it. */
export const openPalette: Command = {
  id: 'palette',
  group: 'actions',
  label: 'search.command.palette',
  keys: ['mod+k'],
  run: () => showPanel('palette'),
};

export const commands: readonly Command[] = [
  ...navigationGroups.flat().map(({ path, label, worksWithoutSchema }) => {
    // What the console itself is set to has nothing to do with a database.
    if (path === '/settings') return goTo(path, label);
    return goTo(path, label, worksWithoutSchema === true ? isOpen : hasSchema);
  }),
  goTo('/database/browse', 'search.command.browse', isOpen),
  goTo('/database/sql', 'search.command.sql', isOpen),
  goTo('/database/health', 'search.command.health', isOpen),
  goTo('/api-keys/refused', 'search.command.whyRefused', hasSchema),
  goTo('/workspaces', 'search.command.workspaces'),
  goTo('/connect', 'search.command.connect'),
  openPalette,
  {
    id: 'shortcuts',
    group: 'actions',
    label: 'search.command.shortcuts',
    keys: ['?'],
    run: () => showPanel('shortcuts'),
  },
  onPage('focusSearch', ['/']),
  onPage('exportList'),
  onPage('saveView'),
  onPage('editUser'),
  onPage('deactivateUser'),
  onPage('reactivateUser'),
  onPage('offboardUser'),
  onPage('newTeam'),
  onPage('newApiKey'),
  onPage('editTeam'),
  onPage('deactivateTeam'),
  onPage('reactivateTeam'),
  onPage('editApiKey'),
  onPage('blockApiKey'),
  onPage('unblockApiKey'),
  onPage('revokeApiKey'),
  onPage('deleteApiKey'),
  onPage('revealApiKey'),
  onPage('rotateApiKey'),
  onPage('newModel'),
  onPage('editModel'),
  onPage('setModelPrice'),
  onPage('deactivateModel'),
  onPage('reactivateModel'),
  onPage('testModel'),
  onPage('replaceModel'),
  onPage('retireModel'),
  onPage('newSubscriptions'),
  onPage('subscribeUser'),
  onPage('subscribeUsers'),
  onPage('editSubscription'),
  onPage('approveSubscription'),
  onPage('denySubscription'),
  onPage('suspendSubscription'),
  onPage('reactivateSubscription'),
  onPage('resetSubscription'),
  onPage('cancelSubscription'),
  onPage('editSelected'),
  onPage('deactivateSelected'),
  onPage('reactivateSelected'),
  onPage('approveSelected'),
  onPage('denySelected'),
  onPage('suspendSelected'),
  onPage('cancelSelected'),
  onPage('print'),
  onPage('openJobs'),
  // The editor itself hears these keys.
  onPage('runSql', ['mod+Enter']),
  {
    id: 'newUser',
    group: 'actions',
    label: 'search.command.newUser',
    isPossible: (context) => hasSchema(context) && context.workspace?.access === 'administer',
    run: ({ navigate }) => {
      if (isOffered('newUser')) runPageAction('newUser');
      else void navigate('/users', { state: { isNewUser: true } });
    },
  },
  {
    id: 'pull',
    group: 'actions',
    label: 'search.command.pull',
    isPossible: hasSchema,
    run: ({ navigate }) => void navigate('/sync'),
  },
  {
    id: 'checkHealth',
    group: 'actions',
    label: 'search.command.checkHealth',
    isPossible: isOpen,
    // The screen checks when it opens.
    run: ({ navigate }) => {
      if (isOffered('checkHealth')) runPageAction('checkHealth');
      else void navigate('/database/health');
    },
  },
  {
    id: 'startServer',
    group: 'actions',
    label: 'search.command.startServer',
    isPossible: ({ workspace }) => workspace?.kind === 'local' && workspace.connection === 'lost',
    run: ({ onFailure }) => void call('database', 'startServer', {}).catch(onFailure),
  },
  theme('light', 'search.command.themeLight'),
  theme('dark', 'search.command.themeDark'),
  theme('system', 'search.command.themeSystem'),
  onPage('toAdminister'),
  onPage('toReadOnly'),
  {
    id: 'editWorkspace',
    group: 'actions',
    label: 'search.command.editWorkspace',
    isPossible: isOpen,
    run: ({ navigate, workspace }) => {
      if (workspace !== null) void navigate(`/workspaces/${workspace.id}`);
    },
  },
  {
    id: 'closeWorkspace',
    group: 'actions',
    label: 'search.command.closeWorkspace',
    isPossible: isOpen,
    run: ({ navigate, onFailure }) =>
      void call('workspace', 'close', {})
        .then(() => navigate('/'))
        .catch(onFailure),
  },
];

/** What can be done now. */
export function possibleCommands(context: CommandContext): readonly Command[] {
  return commands.filter(({ isPossible }) => isPossible?.(context) ?? true);
}
