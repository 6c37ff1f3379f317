import DashboardIcon from '@mui/icons-material/SpaceDashboardOutlined';
import GroupsIcon from '@mui/icons-material/GroupsOutlined';
import InsightsIcon from '@mui/icons-material/InsightsOutlined';
import KeyIcon from '@mui/icons-material/VpnKeyOutlined';
import ModelIcon from '@mui/icons-material/ModelTrainingOutlined';
import PersonIcon from '@mui/icons-material/PersonOutlined';
import ReceiptIcon from '@mui/icons-material/CardMembershipOutlined';
import StorageIcon from '@mui/icons-material/StorageOutlined';
import SyncIcon from '@mui/icons-material/SyncOutlined';
import AuditIcon from '@mui/icons-material/FactCheckOutlined';
import SettingsIcon from '@mui/icons-material/SettingsOutlined';
import type { SvgIconComponent } from '@mui/icons-material';

/** Pixels. */
export const railWidth = 212;

export interface NavigationItem {
  readonly path: string;
  readonly label:
    | 'app.navigation.overview'
    | 'app.navigation.users'
    | 'app.navigation.teams'
    | 'app.navigation.models'
    | 'app.navigation.subscriptions'
    | 'app.navigation.apiKeys'
    | 'app.navigation.usage'
    | 'app.navigation.sync'
    | 'app.navigation.database'
    | 'app.navigation.audit'
    | 'app.navigation.settings';
  readonly icon: SvgIconComponent;
  /** Still of use while the database's schema is not complete. */
  readonly worksWithoutSchema?: true;
}

/** The screens in the order of the navigation: who and what first, then the machinery. */
export const navigationGroups: readonly (readonly NavigationItem[])[] = [
  [
    { path: '/', label: 'app.navigation.overview', icon: DashboardIcon },
    { path: '/users', label: 'app.navigation.users', icon: PersonIcon },
    { path: '/teams', label: 'app.navigation.teams', icon: GroupsIcon },
    { path: '/models', label: 'app.navigation.models', icon: ModelIcon },
    { path: '/subscriptions', label: 'app.navigation.subscriptions', icon: ReceiptIcon },
    { path: '/api-keys', label: 'app.navigation.apiKeys', icon: KeyIcon },
    { path: '/usage', label: 'app.navigation.usage', icon: InsightsIcon },
  ],
  [
    { path: '/sync', label: 'app.navigation.sync', icon: SyncIcon },
    { path: '/database', label: 'app.navigation.database', icon: StorageIcon, worksWithoutSchema: true },
    { path: '/audit', label: 'app.navigation.audit', icon: AuditIcon },
    { path: '/settings', label: 'app.navigation.settings', icon: SettingsIcon, worksWithoutSchema: true },
  ],
];
