import { Fragment, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCanWrite } from '../api/app-state';
import type { RowAction } from '../lists/row-menu';
import { showReview } from '../review/review-store';
import { type Member, MoveMember, RemoveMember } from './member-panels';

/** What can be done with one member, and the panels that it takes. */
export function useMemberRowActions(): {
  readonly actions: (row: Member) => readonly RowAction[];
  readonly panels: ReactNode;
} {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<Member | null>(null);
  const [panel, setPanel] = useState<'remove' | 'move' | null>(null);
  const obstacle = useCanWrite() ? undefined : t('teams.edit.readOnly');
  const open = (member: Member, which: 'remove' | 'move'): void => {
    setChosen(member);
    setPanel(which);
  };
  const changeRole = ({ id, version, role, user }: Member): void =>
    showReview({
      request: {
        area: 'teams',
        procedure: 'previewMemberRoles',
        input: { members: [{ id, version }], role: role === 'admin' ? 'member' : 'admin' },
      },
      title: t('teams.members.roleTitle', { name: user.label }),
    });
  return {
    actions: (row) => [
      {
        id: 'role',
        label: t(row.role === 'admin' ? 'teams.members.makeMember' : 'teams.members.makeAdmin'),
        run: () => changeRole(row),
        obstacle,
      },
      { id: 'move', label: t('teams.members.move'), run: () => open(row, 'move'), obstacle },
      { id: 'remove', label: t('teams.members.remove'), run: () => open(row, 'remove'), obstacle },
    ],
    panels: chosen !== null && (
      <Fragment key={`${chosen.id} ${chosen.version}`}>
        <RemoveMember member={chosen} open={panel === 'remove'} onClose={() => setPanel(null)} />
        <MoveMember member={chosen} open={panel === 'move'} onClose={() => setPanel(null)} />
      </Fragment>
    ),
  };
}
