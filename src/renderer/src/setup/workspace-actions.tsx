import DeleteIcon from '@mui/icons-material/DeleteOutlined';
import EditIcon from '@mui/icons-material/EditOutlined';
import { IconButton, Tooltip } from '@mui/material';
import { lazy, Suspense, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link as RouterLink } from 'react-router';
import type { ProfileSummary } from '../../../shared/contract/workspace';

const RemoveDialog = lazy(async () => ({ default: (await import('./remove-dialog')).RemoveDialog }));

/** What can be done with a known workspace besides opening it. */
export function WorkspaceActions(props: {
  readonly profile: Pick<ProfileSummary, 'id' | 'name' | 'kind'>;
}): ReactElement {
  const { profile } = props;
  const { t } = useTranslation();
  const [removal, setRemoval] = useState<'none' | 'shown' | 'unseen'>('none');
  return (
    <>
      <Tooltip title={t('setup.known.edit')}>
        <IconButton
          component={RouterLink}
          to={`/workspaces/${profile.id}`}
          size="small"
          aria-label={t('setup.known.editNamed', { name: profile.name })}
        >
          <EditIcon fontSize="small" />
        </IconButton>
      </Tooltip>
      <Tooltip title={t('setup.known.remove')}>
        <IconButton
          size="small"
          aria-label={t('setup.known.removeNamed', { name: profile.name })}
          onClick={() => setRemoval('shown')}
        >
          <DeleteIcon fontSize="small" />
        </IconButton>
      </Tooltip>
      {removal !== 'none' && (
        <Suspense fallback={null}>
          <RemoveDialog
            profile={profile}
            open={removal === 'shown'}
            onClose={() => setRemoval('unseen')}
            onDone={() => setRemoval('none')}
          />
        </Suspense>
      )}
    </>
  );
}
