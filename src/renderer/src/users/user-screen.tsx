import { Box, Stack } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { RelatedApiKeys } from '../api-keys/related-api-keys';
import { useProcedureQuery } from '../api/use-procedure';
import { RecordTrail } from '../audit/record-trail';
import { DetailPage } from '../records/detail-page';
import { Field, FieldList } from '../ui/field-list';
import { formatCount } from '../ui/format';
import { LimitValue } from '../records/limit-value';
import { LitellmSection } from '../records/litellm-section';
import { AppLink, RecordLink } from '../records/record-link';
import { UntoldNotice } from '../records/untold-notice';
import { Section } from '../ui/section';
import { ActiveChip, SyncStatusChip } from '../ui/status-chip';
import { TwoColumns } from '../ui/two-columns';
import { Instant } from '../ui/values';
import { MembershipsSection } from '../teams/memberships-section';
import { RelatedSubscriptions } from '../subscriptions/related-subscriptions';
import { RecordUsage } from '../usage/record-usage';
import { EmailText } from './email-text';
import { MergeNotice } from './merge-notice';
import { RoleTags } from './role-tags';
import { UserActions } from './user-actions';

type User = AnswerOf<Contract['users']['get']>;

export function UserScreen(): ReactElement {
  const { id = '' } = useParams();
  return <UserPage key={id} id={id} />;
}

/** One user whole: who, from where, in which teams, with which subscriptions and keys, and what was used. */
function UserPage({ id }: { readonly id: string }): ReactElement {
  const { t } = useTranslation();
  const query = useProcedureQuery('users', 'get', { id });
  return (
    <DetailPage
      kind={t('users.one')}
      back={{ to: '/users', label: t('app.navigation.users') }}
      query={query}
      browse={{ relation: 'users', id }}
      title={({ username }) => username}
      description={({ fullName }) => (fullName === null ? null : <bdi>{fullName}</bdi>)}
      chips={({ isActive }) => <ActiveChip active={isActive} />}
      actions={(user) => <UserActions user={user} />}
    >
      {(user) => (
        <>
          <UntoldNotice news={user.untoldNews} />
          <MergeNotice user={user} />
          <TwoColumns>
            <Details user={user} />
            <Stack sx={{ gap: 2 }}>
              <Origin user={user} />
              <LitellmSection records={user.litellm} />
            </Stack>
          </TwoColumns>
          <RecordUsage filters={{ userId: id }} />
          <MembershipsSection user={{ id, label: user.username }} />
          <RelatedSubscriptions of={{ userId: id }} emptyText={t('users.page.noSubscriptions')} />
          <RelatedApiKeys of={{ userId: id }} emptyText={t('users.page.noApiKeys')} />
          <RecordTrail resourceType="USER" resourceId={id} />
        </>
      )}
    </DetailPage>
  );
}

function Details({ user }: { readonly user: User }): ReactElement {
  const { t } = useTranslation();
  return (
    <Section title={t('records.details')}>
      <FieldList>
        <Field label={t('records.email')} copy={user.email ?? undefined}>
          <EmailText email={user.email} />
        </Field>
        <Field label={t('users.column.fullName')}>{user.fullName}</Field>
        <Field label={t('users.column.roles')}>
          <RoleTags roles={user.roles} />
        </Field>
        <Field label={t('records.maxBudget')}>
          <LimitValue value={user.maxBudget} unit="money" />
        </Field>
        <Field label={t('records.tokensPerMinute')}>
          <LimitValue value={user.tpmLimit} />
        </Field>
        <Field label={t('records.requestsPerMinute')}>
          <LimitValue value={user.rpmLimit} />
        </Field>
        <Field label={t('users.column.lastLogin')}>
          <Instant value={user.lastLoginAt} whenNull={t('records.never')} />
        </Field>
        <Field label={t('records.created')}>
          <Instant value={user.createdAt} />
        </Field>
        <Field label={t('records.updated')}>
          <Instant value={user.updatedAt} />
        </Field>
        <Field label={t('records.teams')} wide>
          <Teams user={user} />
        </Field>
        {user.createdTeamCount > 0 && (
          <Field label={t('users.page.createdTeams')} wide>
            <CreatedTeams user={user} />
          </Field>
        )}
        <Field label={t('records.id')} copy={user.id} wide>
          <code>{user.id}</code>
        </Field>
      </FieldList>
    </Section>
  );
}

/** The teams that came with the user, and the way to the others. */
function Teams({ user: { id, teams, teamCount } }: { readonly user: User }): ReactElement {
  const { t } = useTranslation();
  if (teamCount === 0) return <>{t('users.page.noTeams')}</>;
  const more = teamCount - teams.length;
  return (
    <LinkRow>
      {teams.map((team) => (
        <RecordLink key={team.id} area="teams" reference={team} />
      ))}
      {more > 0 && (
        <AppLink to={`/teams?userId=${id}`}>
          {t('users.page.teamsMore', { formatted: formatCount(more) })}
        </AppLink>
      )}
    </LinkRow>
  );
}

function CreatedTeams({ user }: { readonly user: User }): ReactElement {
  const { t } = useTranslation();
  const more = user.createdTeamCount - user.createdTeams.length;
  return (
    <LinkRow>
      {user.createdTeams.map((team) => (
        <RecordLink key={team.id} area="teams" reference={team} />
      ))}
      {more > 0 && (
        <AppLink to={`/teams?createdBy=${user.id}`}>
          {t('users.page.teamsMore', { formatted: formatCount(more) })}
        </AppLink>
      )}
    </LinkRow>
  );
}

function LinkRow({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <Box sx={{ display: 'flex', columnGap: 2, rowGap: 0.5, flexWrap: 'wrap', minWidth: 0 }}>{children}</Box>
  );
}

function Origin({ user }: { readonly user: User }): ReactElement {
  const { t } = useTranslation();
  const { sameEmail } = user;
  return (
    <Section title={t('users.page.origin')}>
      <FieldList>
        <Field label={t('users.page.provider')}>{user.oauthProvider}</Field>
        <Field label={t('records.syncStatus')}>
          <SyncStatusChip status={user.syncStatus} />
        </Field>
        <Field label={t('users.page.providerId')} copy={user.oauthId} wide>
          <code>{user.oauthId}</code>
        </Field>
        {sameEmail.length > 0 && (
          <Field label={t('users.page.sameEmail')} help={t('users.page.sameEmailHelp')} wide>
            <LinkRow>
              {sameEmail.map((other) => (
                <RecordLink
                  key={other.id}
                  area="users"
                  reference={
                    other.isActive
                      ? other
                      : { id: other.id, label: t('users.page.sameEmailInactive', { name: other.label }) }
                  }
                />
              ))}
            </LinkRow>
          </Field>
        )}
      </FieldList>
    </Section>
  );
}
