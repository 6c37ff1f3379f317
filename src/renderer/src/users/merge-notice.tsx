import { Alert, Box } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { useWorkspace } from '../api/app-state';
import { ActionButton } from '../forms/action-button';
import { RecordLink } from '../records/record-link';
import { MergeUsers } from './merge-users';

type User = AnswerOf<Contract['users']['get']>;

/** On a user's page: that somebody else who is active has the same address, and the way to make one of both. */
export function MergeNotice({ user }: { readonly user: User }): ReactElement | null {
  const { t } = useTranslation();
  const mayWrite = useWorkspace()?.access === 'administer';
  const [other, setOther] = useState<string | null>(null);
  const others = user.sameEmail.filter(({ isActive }) => isActive);
  if (!user.isActive || others.length === 0) return null;
  return (
    <Alert severity="warning">
      {t('users.merge.notice')}
      {others.map(({ id, label, email }) => (
        <Box
          key={id}
          sx={{
            display: 'flex',
            flexWrap: 'wrap',
            alignItems: 'center',
            columnGap: 1.5,
            my: 0.5,
            minWidth: 0,
          }}
        >
          <RecordLink area="users" reference={{ id, label }} />
          <bdi>{email}</bdi>
          <ActionButton
            size="small"
            variant="outlined"
            color="inherit"
            aria-label={t('users.merge.buttonWith', { name: label })}
            obstacle={mayWrite ? undefined : t('users.merge.readOnly')}
            onClick={() => setOther(id)}
          >
            {t('users.merge.button')}
          </ActionButton>
        </Box>
      ))}
      {t('users.merge.noticeHelp')}
      <MergeUsers ids={other === null ? null : [user.id, other]} onClose={() => setOther(null)} />
    </Alert>
  );
}
