import { Button, Table, TableBody, TableCell, TableContainer, TableHead, TableRow } from '@mui/material';
import { lazy, Suspense, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { formatCount } from '../ui/format';
import { Section } from '../ui/section';
import { EmptyState, LoadingLines } from '../ui/states';
import { useHomelessWords } from '../records/homeless-words';

const ObjectsList = lazy(async () => ({ default: (await import('./objects-list')).ObjectsList }));

const openParameter = 'objects';

type Groups = AnswerOf<Contract['sync']['status']>['homeless'];

/** What LiteLLM has and the schema has no place for: how many and why, and the list of them. */
export function HomelessSection({ groups }: { readonly groups: Groups }): ReactElement {
  const { t } = useTranslation();
  const words = useHomelessWords();
  const [params, setParams] = useSearchParams();
  const isListOpen = params.get(openParameter) === 'true';
  /** The list opens at what this section is about; its filters lead to everything else. */
  const toggle = (): void =>
    setParams(
      (current) => {
        const next = new URLSearchParams([...current].filter(([name]) => !name.startsWith('objects')));
        if (!isListOpen) {
          next.set(openParameter, 'true');
          next.set('objects.state', 'homeless');
        }
        return next;
      },
      { replace: true },
    );
  return (
    <Section
      title={t('sync.homeless.title')}
      description={t('sync.homeless.description')}
      flush
      actions={
        <Button size="small" aria-expanded={isListOpen} onClick={toggle}>
          {t(isListOpen ? 'sync.homeless.hideAll' : 'sync.homeless.showAll')}
        </Button>
      }
    >
      {groups.length === 0 ? (
        <EmptyState title={t('sync.homeless.nothing')} />
      ) : (
        <TableContainer tabIndex={0} role="group" aria-label={t('sync.homeless.title')}>
          <Table size="small" aria-label={t('sync.homeless.title')}>
            <TableHead>
              <TableRow>
                <TableCell sx={{ pl: 2.5 }}>{t('sync.homeless.kind')}</TableCell>
                <TableCell>{t('sync.homeless.reason')}</TableCell>
                <TableCell align="right" sx={{ pr: 2.5 }}>
                  {t('sync.homeless.count')}
                </TableCell>
              </TableRow>
            </TableHead>
            <TableBody>
              {groups.map(({ kind, reason, count }) => (
                <TableRow key={`${kind} ${reason}`}>
                  <TableCell sx={{ pl: 2.5 }}>{words.kind(kind)}</TableCell>
                  <TableCell>{words.reason(reason)}</TableCell>
                  <TableCell align="right" sx={{ pr: 2.5 }}>
                    {formatCount(count)}
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </TableContainer>
      )}
      {isListOpen && (
        <Suspense fallback={<LoadingLines lines={6} />}>
          <ObjectsList />
        </Suspense>
      )}
    </Section>
  );
}
