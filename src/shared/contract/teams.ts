import * as z from 'zod';
import { plainName, plainText } from '../plain-name';
import { teamDefinition, teamMemberDefinition, membershipDefinition } from '../records/teams';
import { redact } from '../redact';
import { typedName } from '../typed-names';
import {
  changePreview,
  changeTarget,
  changeTargets,
  isNamedOnce,
  mostSelectedRecords,
  recordVersion,
} from './changes';
import { file, query } from './define';
import { recordListInput } from './record-list';
import { longText, remoteRecord, untold, untoldNews } from './record-parts';
import {
  bigInteger,
  budget,
  decimal,
  limit,
  recordedDecimal,
  instant,
  listInput,
  listOutput,
  optionsInput,
  optionsOutput,
  reference,
  uuid,
} from './values';

export const teamRow = z.object({
  id: uuid,
  name: z.string(),
  alias: z.string().nullable(),
  /** The first characters; the whole is on the team's page. */
  description: z.string().nullable(),
  isActive: z.boolean(),
  memberCount: z.int(),
  subscriptionCount: z.int(),
  apiKeyCount: z.int(),
  maxBudget: recordedDecimal.nullable(),
  currentSpend: recordedDecimal.nullable(),
  budgetDuration: z.string().nullable(),
  tpmLimit: bigInteger.nullable(),
  rpmLimit: bigInteger.nullable(),
  /** True when the team is allowed every model (an empty list in the database). */
  allModels: z.boolean(),
  /** The first few names; the count beside them is complete. */
  allowedModels: z.array(z.string()),
  allowedModelCount: z.int(),
  litellmTeamId: z.string().nullable(),
  syncStatus: z.string().nullable(),
  createdAt: instant.nullable(),
  untold,
  version: recordVersion,
});
export type TeamRow = z.infer<typeof teamRow>;

/** What a team's page shows besides, or in full. */
export const teamDetails = z.object({
  description: longText.nullable(),
  /** `isKnown` false: a name of LiteLLM that is no model of ours (a wildcard, an access group, a model that left). */
  allowedModels: z.array(reference.extend({ isKnown: z.boolean() })).max(200),
  createdBy: reference.nullable(),
  lastSyncAt: instant.nullable(),
  updatedAt: instant.nullable(),
  metadata: longText,
});

export const teamMemberRow = z.object({
  user: reference,
  email: z.string().nullable(),
  role: z.string().nullable(),
  isActive: z.boolean(),
  joinedAt: instant.nullable(),
  /** Of the membership. */
  id: uuid,
  version: recordVersion,
  /** Keys of this person in the team. */
  apiKeyCount: z.int(),
  /** In the team, in the current month of the reporting zone; NULL: nothing. */
  spentThisMonth: decimal.nullable(),
});
export type TeamMemberRow = z.infer<typeof teamMemberRow>;

/** One of a person's memberships. */
export const membershipRow = teamMemberRow
  .omit({ email: true, isActive: true, spentThisMonth: true })
  .extend({
    team: reference,
    teamIsActive: z.boolean(),
  });
export type MembershipRow = z.infer<typeof membershipRow>;

/**
 * LiteLLM's grammar without weeks, which it reads wrongly, and the words of the schema. No longer than what a push may
 * send.
 */
export const knownBudgetPeriod = /^(?:[1-9]\d{0,5}[smhd]|1mo|monthly|yearly|lifetime)$/;

/** The schema's words, or LiteLLM's such as `7d`; null: no period is known, and LiteLLM counts a lifetime. */
export const budgetPeriod = z.string().overwrite(plainName).regex(knownBudgetPeriod).max(20);

const teamList = recordListInput(teamDefinition);

/** How many models a team's own list names at most, where a person makes it. */
export const mostAllowedModels = 200;

/** Which models a team or a key may use. All of them is a choice of its own: a list names at least one. */
export const allowedModels = z.union([
  z.literal('all'),
  z
    .array(z.string().min(1).max(255))
    .min(1)
    .max(mostAllowedModels)
    .refine((names) => new Set(names).size === names.length, 'each model once'),
]);

/** What a change writes stays in journal and audit trail, which hold no key and no password. */
const description = z
  .string()
  .overwrite(plainText)
  .max(10_000)
  .refine((text) => redact(text) === text, 'a text without a key or a password');

/** What a person may set. A field that is absent stays as it is; null is unlimited, or none. */
export const teamChanges = z
  .strictObject({
    name: typedName,
    alias: typedName.nullable(),
    description: description.nullable(),
    isActive: z.boolean(),
    maxBudget: budget.nullable(),
    budgetDuration: budgetPeriod.nullable(),
    tpmLimit: limit.nullable(),
    rpmLimit: limit.nullable(),
    allowedModels,
  })
  .partial();
export type TeamChanges = z.infer<typeof teamChanges>;

/** What is to be set of one team, which may differ from the next in it. */
const teamEdit = changeTarget.extend({ changes: teamChanges });
export type TeamEdit = z.infer<typeof teamEdit>;

/** What a new team gets where nothing else is said: the documented defaults of the columns. */
export const newTeamDefaults = {
  maxBudget: '1000',
  budgetDuration: 'monthly',
  tpmLimit: '10000',
  rpmLimit: '1000',
};

/** A team that is to be created. Which models it may use is said, all of them too. */
export const newTeam = teamChanges.omit({ isActive: true }).required();
export type NewTeam = z.infer<typeof newTeam>;

/** How many people join or leave a team at a time. */
export const mostMembers = 1_000;

/** Somebody who joins a team. */
const joiningMember = z.strictObject({ userId: uuid, role: z.enum(['member', 'admin']) });
export type JoiningMember = z.infer<typeof joiningMember>;

const joiningMembers = z
  .array(joiningMember)
  .max(mostMembers)
  .refine(
    (members) => new Set(members.map(({ userId }) => userId.toLowerCase())).size === members.length,
    'each person once',
  );

const memberTargets = z.array(changeTarget).min(1).max(mostMembers);
/** A membership, as it was when the person saw it. */
export type MemberTarget = z.infer<typeof changeTarget>;

/** A key that a member has in the team. */
export const memberKey = z.object({
  id: uuid,
  /** The membership. */
  member: uuid,
  label: z.string(),
  prefix: z.string(),
  owner: z.string(),
  isActive: z.boolean(),
  maxBudget: recordedDecimal.nullable(),
  teamBudget: recordedDecimal.nullable(),
  /** False: without the team it would be allowed more models. */
  mayBeKept: z.boolean(),
});
export type MemberKey = z.infer<typeof memberKey>;

/** How many names of teams are looked up at a time, and how many teams are answered of one name. */
export const mostNamedTeams = 1_000;
export const mostOfName = 5;

/** A team that a name belongs to, with what tells it from others of the same name. */
const namedTeam = reference.extend({
  id: uuid,
  /** As it was asked for. */
  name: z.string(),
  alias: z.string().nullable(),
  isActive: z.boolean(),
  memberCount: z.int(),
  createdAt: instant.nullable(),
});
export type NamedTeam = z.infer<typeof namedTeam>;

export const shownSpenders = 10;

const memberList = listInput(teamMemberDefinition.sortFields, { teamId: uuid });

export const teamsContract = {
  list: query({ scope: 'schema', input: teamList, output: listOutput(teamRow) }),
  get: query({
    scope: 'schema',
    input: z.strictObject({ id: uuid }),
    output: teamRow.omit({ description: true, allowedModels: true }).extend({
      ...teamDetails.shape,
      /** `isMasked`: what looks like a secret was left out of the text, which must not be written back. */
      description: longText.extend({ isMasked: z.boolean() }).nullable(),
      litellm: z.array(remoteRecord).max(10),
      untoldNews: z.array(untoldNews).max(20),
    }),
  }),
  /** What is spent in a team in the current month of the reporting zone, as far as it is recorded, by member. */
  spend: query({
    scope: 'schema',
    input: z.strictObject({ id: uuid }),
    output: z.object({
      total: decimal,
      /** Those who spent most. */
      members: z.array(z.object({ user: reference, spent: decimal })).max(shownSpenders),
      /** The other members who spent something. */
      others: z.object({ count: z.int(), spent: decimal }),
      /** Of people who are no members any more, or not known; NULL: nothing. */
      left: decimal.nullable(),
    }),
  }),
  members: query({ scope: 'schema', input: memberList, output: listOutput(teamMemberRow) }),
  /** The teams that a person is a member of. */
  memberships: query({
    scope: 'schema',
    input: listInput(membershipDefinition.sortFields, { userId: uuid }),
    output: listOutput(membershipRow),
  }),
  exportMembersCsv: file({ scope: 'schema', input: memberList, output: z.null() }),
  options: query({ scope: 'schema', input: optionsInput, output: optionsOutput }),
  /** Which teams a pasted table means: by name or alias, upper and lower case aside. Several may have one. */
  named: query({
    scope: 'schema',
    input: z.strictObject({ names: z.array(z.string().min(1).max(255)).max(mostNamedTeams) }),
    output: z.object({ teams: z.array(namedTeam).max(mostOfName * mostNamedTeams) }),
  }),
  /** What a change of teams would do. `changes.run` does it. */
  previewUpdate: query({
    scope: 'schema',
    input: z.strictObject({ targets: changeTargets(teamList), changes: teamChanges }),
    output: changePreview,
  }),
  /** What changes would do that differ from team to team. `changes.run` does them. */
  previewEdits: query({
    scope: 'schema',
    input: z.strictObject({
      edits: z.array(teamEdit).min(1).max(mostSelectedRecords).refine(isNamedOnce, 'each team once'),
    }),
    output: changePreview,
  }),
  /** What creating a team would do, with its members. `changes.run` does it. */
  previewCreate: query({
    scope: 'schema',
    input: z.strictObject({ team: newTeam, members: joiningMembers.default([]) }),
    output: changePreview,
  }),
  /** What adding people to a team would do. `changes.run` does it. */
  previewAddMembers: query({
    scope: 'schema',
    input: z.strictObject({ teamId: uuid, members: joiningMembers.min(1) }),
    output: changePreview,
  }),
  /** What another role in their team would do to members. `changes.run` does it. */
  previewMemberRoles: query({
    scope: 'schema',
    input: z.strictObject({ members: memberTargets, role: z.enum(['member', 'admin']) }),
    output: changePreview,
  }),
  /** What ending memberships would do, and which keys end with them or are kept. `changes.run` does it. */
  previewRemoveMembers: query({
    scope: 'schema',
    input: z.strictObject({ members: memberTargets, keepKeys: z.array(uuid).max(1_000).default([]) }),
    output: changePreview,
  }),
  /** What moving members to another team would do. `changes.run` does it. */
  previewMoveMembers: query({
    scope: 'schema',
    input: z.strictObject({ members: memberTargets, to: uuid }),
    output: changePreview,
  }),
  /** The keys that members have in their team. */
  memberKeys: query({
    scope: 'schema',
    input: z.strictObject({ members: z.array(uuid).min(1).max(mostMembers) }),
    output: z.object({ keys: z.array(memberKey).max(1_000) }),
  }),
  /** What deleting teams would do, and what goes with them. `changes.run` does it. */
  previewDelete: query({
    scope: 'schema',
    input: z.strictObject({ targets: changeTargets(teamList) }),
    output: changePreview,
  }),
  exportCsv: file({ scope: 'schema', input: teamList, output: z.null() }),
};
