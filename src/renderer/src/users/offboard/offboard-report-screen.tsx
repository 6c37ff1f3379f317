import PrintIcon from '@mui/icons-material/Print';
import {
  Alert,
  Button,
  Stack,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableRow,
  Typography,
} from '@mui/material';
import type { TFunction } from 'i18next';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import type { AnswerOf, Contract } from '../../../../shared/contract/index';
import type { HeardOf, LeaverReport } from '../../../../shared/contract/users';
import { subscriptionStatuses } from '../../../../shared/records/subscriptions';
import { useWorkspace } from '../../api/app-state';
import { useProcedureQuery } from '../../api/use-procedure';
import { batchPath } from '../../audit/audit-columns';
import { DetailPage } from '../../records/detail-page';
import { PrintHeader } from '../../records/print-header';
import { AppLink, RecordLink } from '../../records/record-link';
import { memberRoleLabel } from '../../records/role-label';
import { Field, FieldList } from '../../ui/field-list';
import { formatCount } from '../../ui/format';
import { usePageAction } from '../../ui/page-actions';
import { Section } from '../../ui/section';
import { StatusChip } from '../../ui/status-chip';
import { useIsPrinting } from '../../ui/use-is-printing';
import { Instant } from '../../ui/values';

type Report = AnswerOf<Contract['users']['offboardReport']>;

/** What became of people who left, to be kept on paper. */
export function OffboardReportScreen(): ReactElement {
  const { batchId = '' } = useParams();
  const { t } = useTranslation();
  const query = useProcedureQuery('users', 'offboardReport', { batchId });
  const workspace = useWorkspace();
  const isPrinting = useIsPrinting();
  const print = (): void => window.print();
  usePageAction('print', query.data === undefined ? undefined : print);
  return (
    <>
      {isPrinting && workspace !== null && <PrintHeader workspace={workspace} printedAt={new Date()} />}
      <DetailPage
        kind={t('users.offboard.report.one')}
        back={{ to: '/users', label: t('app.navigation.users') }}
        query={query}
        title={(report) => titleOf(t, report)}
        chips={({ people }) =>
          people.every(({ isUndone }) => isUndone) ? (
            <StatusChip tone="warning" label={t('users.offboard.report.undone')} />
          ) : null
        }
        actions={() => (
          <Button data-screen-only variant="contained" startIcon={<PrintIcon />} onClick={print}>
            {t('users.offboard.report.print')}
          </Button>
        )}
      >
        {(report) => (
          <>
            <StillWorking people={report.people} />
            <WhatWasDone report={report} batchId={batchId} />
            {report.people.map((person) => (
              <PersonReport key={person.id} person={person} isLinked={report.proxy !== null} />
            ))}
          </>
        )}
      </DetailPage>
    </>
  );
}

function titleOf(t: TFunction, { people }: Report): string {
  return t('users.offboard.report.title', {
    count: people.length,
    formatted: formatCount(people.length),
    name: people[0]?.username ?? '',
  });
}

const isOpen = (told: HeardOf): boolean => told === 'waits' || told === 'refused';

/** Loud while LiteLLM lets keys through that are blocked here. */
function StillWorking({ people }: { readonly people: Report['people'] }): ReactElement | null {
  const { t } = useTranslation();
  const count = people
    .filter(({ isUndone }) => !isUndone)
    .reduce((sum, { keys }) => sum + keys.filter(({ told }) => isOpen(told)).length, 0);
  if (count === 0) return null;
  return (
    <Alert severity="error">
      {t('users.offboard.report.waits', { count, formatted: formatCount(count) })}
    </Alert>
  );
}

function WhatWasDone({
  report: { at, actor, reason, proxy },
  batchId,
}: {
  readonly report: Report;
  readonly batchId: string;
}): ReactElement {
  const { t } = useTranslation();
  return (
    <Section title={t('users.offboard.report.details')}>
      <FieldList>
        <Field label={t('users.offboard.report.when')}>
          <Instant value={at} />
        </Field>
        <Field label={t('users.offboard.report.actor')}>{actor}</Field>
        <Field label={t('users.offboard.report.proxy')}>{proxy ?? t('users.offboard.report.noProxy')}</Field>
        <Field label={t('users.offboard.report.reason')} wide>
          {reason}
        </Field>
        <Field label={t('users.offboard.report.batch')} wide>
          <AppLink to={batchPath(batchId)}>{batchId}</AppLink>
        </Field>
      </FieldList>
    </Section>
  );
}

function PersonReport({
  person,
  isLinked,
}: {
  readonly person: LeaverReport;
  readonly isLinked: boolean;
}): ReactElement {
  const { t } = useTranslation();
  const { id, username, email, fullName, isDeleted, isUndone, keys, subscriptions, teams } = person;
  const heard = (told: HeardOf): string[] => (isLinked ? [t(`users.offboard.report.heard.${told}`)] : []);
  const toldHeading = isLinked ? [t('users.offboard.report.told')] : [];
  return (
    <Section
      title={username}
      description={[fullName, email, ...heard(person.told)].filter(Boolean).join(' · ')}
      actions={
        <Stack direction="row" sx={{ gap: 1 }}>
          {isUndone && <StatusChip tone="warning" label={t('users.offboard.report.undone')} />}
          {isDeleted ? (
            <StatusChip tone="neutral" label={t('users.offboard.report.deleted')} />
          ) : (
            <span data-screen-only>
              <RecordLink area="users" reference={{ id, label: t('users.offboard.report.person') }} />
            </span>
          )}
        </Stack>
      }
    >
      <Listed
        title={t('users.offboard.report.keys')}
        whenNone={t('users.offboard.report.noKeys')}
        total={person.keyCount}
        headings={[
          t('users.offboard.report.key'),
          t('users.offboard.report.value'),
          t('users.offboard.report.team'),
          ...toldHeading,
        ]}
        rows={keys.map((key) => ({
          id: key.id,
          cells: [key.label, key.prefix ?? '', key.team ?? '', ...heard(key.told)],
        }))}
      />
      <Listed
        title={t('users.offboard.report.subscriptions')}
        whenNone={t('users.offboard.report.noSubscriptions')}
        total={person.subscriptionCount}
        headings={[t('users.offboard.report.model'), t('users.offboard.report.before')]}
        rows={subscriptions.map((each) => ({ id: each.id, cells: [each.model, statusText(t, each.before)] }))}
      />
      <Listed
        title={t('users.offboard.report.teams')}
        whenNone={t('users.offboard.report.noTeams')}
        total={person.teamCount}
        headings={[
          t('users.offboard.report.team'),
          t('users.offboard.report.role'),
          t('users.offboard.report.to'),
          ...toldHeading,
        ]}
        rows={teams.map((team) => ({
          id: team.id,
          cells: [
            team.label,
            memberRoleLabel(t, team.role),
            team.to ?? (team.isWithoutAdmin ? t('users.offboard.report.withoutAdmin') : ''),
            ...heard(team.told),
          ],
        }))}
      />
    </Section>
  );
}

function statusText(t: TFunction, status: string | null): string {
  const known = subscriptionStatuses.find((each) => each === status);
  return known === undefined ? (status ?? '') : t(`common.status.${known}`);
}

interface ListedProps {
  readonly title: string;
  readonly whenNone: string;
  /** All there are: the first of them are shown. */
  readonly total: number;
  readonly headings: readonly string[];
  readonly rows: readonly { readonly id: string; readonly cells: readonly ReactNode[] }[];
}

function Listed({ title, whenNone, total, headings, rows }: ListedProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Stack sx={{ mt: 2, gap: 0.5, overflowX: 'auto' }}>
      <Typography variant="h3" sx={{ fontSize: '0.875rem', fontWeight: 600 }}>
        {title}
      </Typography>
      {rows.length === 0 ? (
        <Typography variant="body2">{whenNone}</Typography>
      ) : (
        <Table size="small" aria-label={title} sx={{ '& td, & th': { pl: 0, overflowWrap: 'anywhere' } }}>
          <TableHead>
            <TableRow>
              {headings.map((heading) => (
                <TableCell key={heading}>{heading}</TableCell>
              ))}
            </TableRow>
          </TableHead>
          <TableBody>
            {rows.map(({ id, cells }) => (
              <TableRow key={id} sx={{ breakInside: 'avoid' }}>
                {cells.map((cell, place) => (
                  <TableCell key={headings[place] ?? place} dir="auto">
                    {cell}
                  </TableCell>
                ))}
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
      {total > rows.length && (
        <Typography variant="body2">
          {t('users.offboard.report.more', { formatted: formatCount(total - rows.length) })}
        </Typography>
      )}
    </Stack>
  );
}
