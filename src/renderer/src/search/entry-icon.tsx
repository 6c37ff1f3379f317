import ModelIcon from '@mui/icons-material/ModelTrainingOutlined';
import ActionIcon from '@mui/icons-material/BoltOutlined';
import GroupsIcon from '@mui/icons-material/GroupsOutlined';
import KeyIcon from '@mui/icons-material/VpnKeyOutlined';
import PersonIcon from '@mui/icons-material/PersonOutlined';
import ReceiptIcon from '@mui/icons-material/CardMembershipOutlined';
import ScreenIcon from '@mui/icons-material/ArrowForward';
import TableIcon from '@mui/icons-material/TableChartOutlined';
import type { SvgIconComponent } from '@mui/icons-material';
import type { ReactElement } from 'react';
import type { RecordKind } from '../../../shared/records/index';
import type { PaletteEntry } from './palette-entries';

const recordIcons: Record<RecordKind, SvgIconComponent> = {
  user: PersonIcon,
  team: GroupsIcon,
  model: ModelIcon,
  subscription: ReceiptIcon,
  apiKey: KeyIcon,
};

/** What a line of the palette is, at a glance; its group says it in words. */
export function EntryIcon({ target }: Pick<PaletteEntry, 'target'>): ReactElement {
  const Icon =
    target.kind === 'record'
      ? recordIcons[target.record.kind]
      : target.kind === 'relation'
        ? TableIcon
        : target.command.group === 'screens'
          ? ScreenIcon
          : ActionIcon;
  return <Icon aria-hidden sx={{ fontSize: 18, flex: 'none', color: 'text.secondary' }} />;
}
