import { Stack } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { RelatedApiKeys } from '../api-keys/related-api-keys';
import { useProcedureQuery } from '../api/use-procedure';
import { RecordTrail } from '../audit/record-trail';
import { BudgetBar } from '../records/budget-bar';
import { budgetPeriodLabel } from '../records/budget-period';
import { DetailPage } from '../records/detail-page';
import { Field, FieldList } from '../ui/field-list';
import { formatCount } from '../ui/format';
import { LimitValue } from '../records/limit-value';
import { LitellmSection } from '../records/litellm-section';
import { LongTextSection } from '../records/long-text-section';
import { ModelCloud } from '../records/model-cloud';
import { RecordTabs } from '../records/record-tabs';
import { RecordLink } from '../records/record-link';
import { Section } from '../ui/section';
import { ActiveChip, StatusChip, SyncStatusChip } from '../ui/status-chip';
import { TwoColumns } from '../ui/two-columns';
import { Count, Instant } from '../ui/values';
import { RelatedSubscriptions } from '../subscriptions/related-subscriptions';
import { RecordUsage } from '../usage/record-usage';
import { TeamActions } from './team-actions';
import { UntoldNotice } from '../records/untold-notice';
import { TeamSpend } from './team-spend';
import { MembersSection } from './members-section';

type Team = AnswerOf<Contract['teams']['get']>;

/** Characters under the title; a longer description stands below in full. */
const shownDescription = 300;

export function TeamScreen(): ReactElement {
  const { id = '' } = useParams();
  return <TeamPage key={id} id={id} />;
}

/** One team whole: what it may use and spend, who belongs to it, and what was used. */
function TeamPage({ id }: { readonly id: string }): ReactElement {
  const { t } = useTranslation();
  const query = useProcedureQuery('teams', 'get', { id });
  return (
    <DetailPage
      kind={t('teams.one')}
      back={{ to: '/teams', label: t('app.navigation.teams') }}
      query={query}
      browse={{ relation: 'teams', id }}
      title={({ name }) => name}
      description={({ description }) =>
        description !== null && <bdi>{description.text.slice(0, shownDescription)}</bdi>
      }
      chips={({ isActive }) => <ActiveChip active={isActive} />}
      actions={(team) => <TeamActions team={team} />}
    >
      {(team) => (
        <>
          <UntoldNotice news={team.untoldNews} />
          <TwoColumns>
            <Details team={team} />
            <Stack sx={{ gap: 2 }}>
              <Budget team={team} />
              <LitellmSection records={team.litellm} />
            </Stack>
          </TwoColumns>
          {team.description !== null && team.description.characters > shownDescription && (
            <LongTextSection title={t('records.descriptionLabel')} value={team.description} />
          )}
          <RecordTabs
            label={t('teams.tabs.label')}
            tabs={[
              {
                name: 'members',
                label: t('teams.tabs.members'),
                content: () => <MembersSection team={{ id, label: team.name }} />,
              },
              {
                name: 'limits',
                label: t('teams.tabs.limits'),
                content: () => (
                  <TwoColumns>
                    <Limits team={team} />
                    <TeamSpend team={team} />
                  </TwoColumns>
                ),
              },
              {
                name: 'models',
                label: t('teams.tabs.models'),
                content: () => (
                  <>
                    <Models team={team} />
                    <RelatedSubscriptions of={{ teamId: id }} emptyText={t('teams.page.noSubscriptions')} />
                  </>
                ),
              },
              {
                name: 'usage',
                label: t('teams.tabs.usage'),
                content: () => (
                  <>
                    <RecordUsage filters={{ teamId: id }} />
                    <RelatedApiKeys of={{ teamId: id }} emptyText={t('teams.page.noApiKeys')} />
                  </>
                ),
              },
              {
                name: 'history',
                label: t('teams.tabs.history'),
                content: () => (
                  <>
                    <RecordTrail resourceType="TEAM" resourceId={id} />
                    <LongTextSection title={t('records.longText.metadata')} value={team.metadata} />
                  </>
                ),
              },
            ]}
          />
        </>
      )}
    </DetailPage>
  );
}

interface PartProps {
  readonly team: Team;
}

function Details({ team }: PartProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Section title={t('records.details')}>
      <FieldList>
        <Field label={t('teams.page.alias')}>{team.alias}</Field>
        <Field label={t('teams.page.createdBy')}>
          <RecordLink area="users" reference={team.createdBy} />
        </Field>
        <Field label={t('records.members')}>
          <Count value={team.memberCount} />
        </Field>
        <Field label={t('records.created')}>
          <Instant value={team.createdAt} />
        </Field>
        <Field label={t('records.updated')}>
          <Instant value={team.updatedAt} />
        </Field>
        <Field label={t('records.syncStatus')}>
          <SyncStatusChip status={team.syncStatus} />
        </Field>
        <Field label={t('records.lastSync')}>
          <Instant value={team.lastSyncAt} whenNull={t('records.never')} />
        </Field>
        <Field label={t('teams.page.litellmId')} copy={team.litellmTeamId ?? undefined} wide>
          {team.litellmTeamId === null ? null : <code>{team.litellmTeamId}</code>}
        </Field>
        <Field label={t('records.id')} copy={team.id} wide>
          <code>{team.id}</code>
        </Field>
      </FieldList>
    </Section>
  );
}

/** How far the budget is used, as LiteLLM counts it. */
function Budget({ team }: PartProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Section title={t('records.budget')}>
      <BudgetBar spend={team.currentSpend} budget={team.maxBudget} />
    </Section>
  );
}

function Limits({ team }: PartProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Section title={t('records.limits')}>
      <FieldList>
        <Field label={t('records.maxBudget')}>
          <LimitValue value={team.maxBudget} unit="money" />
        </Field>
        <Field label={t('records.budgetPeriod')}>{budgetPeriodLabel(t, team.budgetDuration)}</Field>
        <Field label={t('records.tokensPerMinute')}>
          <LimitValue value={team.tpmLimit} />
        </Field>
        <Field label={t('records.requestsPerMinute')}>
          <LimitValue value={team.rpmLimit} />
        </Field>
      </FieldList>
    </Section>
  );
}

function Models({ team: { allModels, allowedModels, allowedModelCount: count } }: PartProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Section
      title={t('edit.models.label')}
      description={
        allModels
          ? t('edit.models.every')
          : t('teams.page.modelCount', { count, formatted: formatCount(count) })
      }
    >
      {allModels && <StatusChip tone="info" label={t('records.allModels')} />}
      <ModelCloud models={allowedModels} count={count} />
    </Section>
  );
}
