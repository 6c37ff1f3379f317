import ArrowDropDownIcon from '@mui/icons-material/ArrowDropDown';
import LockIcon from '@mui/icons-material/LockOutlined';
import {
  Box,
  Button,
  Divider,
  ListItemText,
  Menu,
  MenuItem,
  Stack,
  Tooltip,
  Typography,
} from '@mui/material';
import { useState, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { WorkspaceState } from '../../../shared/contract/app';
import { useProcedureCommand } from '../api/use-procedure';
import { NameText } from '../ui/name-text';
import { StatusChip } from '../ui/status-chip';
import { usePageAction } from '../ui/page-actions';
import { environmentName, isProduction } from '../ui/environment';
import { Swatch } from '../ui/swatch';

interface WorkspaceBadgeProps {
  readonly workspace: WorkspaceState;
  /** Asks whether to open it anew with the other access. */
  readonly onChangeAccess: () => void;
}

/** Name, environment and access of the open database, always in sight; opens the menu to change or leave it. */
export function WorkspaceBadge({ workspace, onChangeAccess }: WorkspaceBadgeProps): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  usePageAction(workspace.access === 'read-only' ? 'toAdminister' : 'toReadOnly', onChangeAccess);
  const close = useProcedureCommand('workspace', 'close');
  return (
    <Stack
      direction="row"
      sx={{
        alignItems: 'center',
        columnGap: 1.25,
        flexWrap: { xs: 'wrap', lg: 'nowrap' },
        minWidth: 0,
        '&&': { flex: '0 1 auto' },
        '& > *': { flex: 'none' },
      }}
    >
      <Tooltip title={workspace.location}>
        <Button
          color="inherit"
          aria-haspopup="menu"
          aria-expanded={anchor !== null}
          aria-label={t('app.workspace.menu', { name: workspace.name })}
          onClick={({ currentTarget }) => setAnchor(currentTarget)}
          endIcon={<ArrowDropDownIcon />}
          startIcon={<Swatch {...workspace} />}
          sx={{
            '&&': { flex: '0 1 auto' },
            minWidth: 0,
            maxWidth: { xs: '100%', md: 240, lg: 480 },
            fontSize: '0.9375rem',
          }}
        >
          <NameText>{workspace.name}</NameText>
        </Button>
      </Tooltip>
      {workspace.environmentLabel !== '' && (
        <StatusChip
          tone={isProduction(workspace) ? 'error' : 'neutral'}
          label={environmentName(workspace.environmentLabel, t('app.workspace.local'))}
        />
      )}
      {workspace.access === 'read-only' && (
        <Tooltip title={t('app.workspace.readOnlyHelp')}>
          <Box component="span" sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.5 }}>
            <LockIcon sx={{ fontSize: 16 }} aria-hidden />
            <StatusChip tone="warning" label={t('app.workspace.readOnly')} />
          </Box>
        </Tooltip>
      )}
      {workspace.weakSignInAllowed && (
        <ChipLink to={`/workspaces/${workspace.id}`} help={t('app.workspace.weakSignInHelp')}>
          <StatusChip tone="warning" label={t('app.workspace.weakSignIn')} />
        </ChipLink>
      )}
      {workspace.asSuperuser && (
        <ChipLink to={`/workspaces/${workspace.id}`} help={t('app.workspace.asSuperuserHelp')}>
          <StatusChip tone="error" label={t('app.workspace.asSuperuser')} />
        </ChipLink>
      )}
      {workspace.demo && (
        <ChipLink to="/database" help={t('app.workspace.demoHelp')}>
          <StatusChip tone="info" label={t('app.workspace.demo')} />
        </ChipLink>
      )}
      <Menu open={anchor !== null} anchorEl={anchor} onClose={() => setAnchor(null)}>
        <MenuItem disabled sx={{ '&.Mui-disabled': { opacity: 1 }, maxWidth: 420, whiteSpace: 'normal' }}>
          <Typography variant="caption" sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>
            {workspace.location}
          </Typography>
        </MenuItem>
        <MenuItem
          onClick={() => {
            setAnchor(null);
            onChangeAccess();
          }}
        >
          <ListItemText>
            {t(workspace.access === 'read-only' ? 'app.workspace.toAdminister' : 'app.workspace.toReadOnly')}
          </ListItemText>
        </MenuItem>
        <MenuItem
          onClick={() => {
            setAnchor(null);
            void navigate(`/workspaces/${workspace.id}`);
          }}
        >
          <ListItemText>{t('app.workspace.edit')}</ListItemText>
        </MenuItem>
        <Divider />
        <MenuItem
          onClick={() => {
            setAnchor(null);
            void navigate('/workspaces');
          }}
        >
          <ListItemText>{t('app.workspace.switch')}</ListItemText>
        </MenuItem>
        <MenuItem
          onClick={() => {
            setAnchor(null);
            close.mutate({}, { onSuccess: () => void navigate('/') });
          }}
        >
          <ListItemText>{t('app.workspace.close')}</ListItemText>
        </MenuItem>
      </Menu>
    </Stack>
  );
}

interface ChipLinkProps {
  /** Where the person can do something about it. */
  readonly to: string;
  readonly help: string;
  readonly children: ReactNode;
}

/** A chip that says by its tooltip what it means, to the keyboard too, and leads to where it comes from. */
function ChipLink({ to, help, children }: ChipLinkProps): ReactElement {
  return (
    <Tooltip describeChild title={help}>
      <Box
        component={Link}
        to={to}
        sx={{
          display: 'inline-flex',
          alignItems: 'center',
          minHeight: 24,
          borderRadius: 1,
          textDecoration: 'none',
        }}
      >
        {children}
      </Box>
    </Tooltip>
  );
}
