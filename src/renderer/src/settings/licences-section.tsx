import {
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  Table,
  TableBody,
  TableCell,
  TableContainer,
  TableHead,
  TableRow,
} from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useId, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { CodeBlock } from '../ui/code-block';
import { formatCount } from '../ui/format';
import { Section } from '../ui/section';
import { ErrorState, LoadingLines } from '../ui/states';
import { readLicences, type PackageLicence } from './read-licences';

/** The packages this build is made of, as the build itself found them, each with its licence. */
export function LicencesSection(): ReactElement {
  const { t } = useTranslation();
  const [isShown, setIsShown] = useState(false);
  const query = useQuery({
    queryKey: ['licences'],
    queryFn: readLicences,
    staleTime: Infinity,
    retry: false,
  });
  const packages = query.data ?? [];
  return (
    <Section
      title={t('settings.licences.title')}
      description={
        query.data === undefined
          ? undefined
          : t('settings.licences.description', {
              count: packages.length,
              formatted: formatCount(packages.length),
            })
      }
      actions={
        query.data !== undefined && (
          <Button size="small" aria-expanded={isShown} onClick={() => setIsShown(!isShown)}>
            {t(isShown ? 'settings.licences.hide' : 'settings.licences.show')}
          </Button>
        )
      }
    >
      {query.error !== null ? (
        <ErrorState error={query.error} title={t('settings.licences.failed')} />
      ) : query.data === undefined ? (
        <LoadingLines lines={1} />
      ) : (
        isShown && <LicenceTable packages={packages} />
      )}
    </Section>
  );
}

function LicenceTable({ packages }: { readonly packages: readonly PackageLicence[] }): ReactElement {
  const { t } = useTranslation();
  const [read, setRead] = useState<PackageLicence | null>(null);
  return (
    <TableContainer
      tabIndex={0}
      role="group"
      aria-label={t('settings.licences.title')}
      sx={{ maxHeight: 480 }}
    >
      <Table stickyHeader size="small" aria-label={t('settings.licences.title')}>
        <TableHead>
          <TableRow>
            <TableCell>{t('settings.licences.package')}</TableCell>
            <TableCell>{t('settings.licences.version')}</TableCell>
            <TableCell>{t('settings.licences.licence')}</TableCell>
            <TableCell align="right">{t('settings.licences.text')}</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {packages.map((entry) => (
            <TableRow key={`${entry.name} ${entry.version}`}>
              <TableCell component="th" scope="row">
                {entry.name}
              </TableCell>
              <TableCell>{entry.version}</TableCell>
              <TableCell>{entry.licence ?? t('settings.licences.unknown')}</TableCell>
              <TableCell align="right">
                {entry.text !== null && (
                  <Button
                    size="small"
                    aria-label={t('settings.licences.readText', { name: entry.name })}
                    onClick={() => setRead(entry)}
                  >
                    {t('settings.licences.text')}
                  </Button>
                )}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      <LicenceDialog entry={read} onClose={() => setRead(null)} />
    </TableContainer>
  );
}

function LicenceDialog({
  entry,
  onClose,
}: {
  readonly entry: PackageLicence | null;
  readonly onClose: () => void;
}): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  // While the dialog fades away it still shows what it was about.
  const [shown, setShown] = useState(entry);
  if (entry !== null && entry !== shown) setShown(entry);
  return (
    <Dialog open={entry !== null} onClose={onClose} aria-labelledby={id} maxWidth="md" fullWidth>
      <DialogTitle id={id}>{shown?.name}</DialogTitle>
      <DialogContent>
        <CodeBlock label={shown?.name ?? ''} text={shown?.text ?? ''} />
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button onClick={onClose}>{t('common.close')}</Button>
      </DialogActions>
    </Dialog>
  );
}
