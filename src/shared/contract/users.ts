import * as z from 'zod';
import { userDefinition } from '../records/users';
import { emailAddress, typedName } from '../typed-names';
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
import { remoteRecord, untold, untoldNews } from './record-parts';
import { subscriptionsOfNewUsers } from './subscriptions';
import {
  bigInteger,
  budget,
  decimal,
  limit,
  recordedDecimal,
  instant,
  listOutput,
  optionsInput,
  optionsOutput,
  reference,
  uuid,
} from './values';

/** How many users are created at a time. */
export const maxNewUsers = 1_000;

export const userRow = z.object({
  id: uuid,
  username: z.string(),
  /** NULL where the database holds the placeholder for a missing address. */
  email: z.string().nullable(),
  fullName: z.string().nullable(),
  /** The first few: nobody has more, but a column of the database may. */
  roles: z.array(z.string()).max(20),
  isActive: z.boolean(),
  teams: z.array(reference).max(5),
  teamCount: z.int(),
  subscriptionCount: z.int(),
  apiKeyCount: z.int(),
  maxBudget: recordedDecimal.nullable(),
  tpmLimit: bigInteger.nullable(),
  rpmLimit: bigInteger.nullable(),
  syncStatus: z.string().nullable(),
  lastLoginAt: instant.nullable(),
  createdAt: instant.nullable(),
  untold,
  version: recordVersion,
});
export type UserRow = z.infer<typeof userRow>;

/** What a user's page shows besides. */
export const userDetails = z.object({
  oauthProvider: z.string(),
  oauthId: z.string(),
  updatedAt: instant.nullable(),
  /** Other users whose address differs only in case. */
  sameEmail: z.array(reference.extend({ email: z.string(), isActive: z.boolean() })),
  /** Teams this user created, by name. */
  createdTeams: z.array(reference).max(5),
  createdTeamCount: z.int(),
});

const userList = recordListInput(userDefinition);

const roles = z.array(z.string().trim().min(1).max(50)).min(1).max(20);

/** What a person may set. A field that is absent stays as it is; null is unlimited, or none. */
export const userChanges = z
  .strictObject({
    username: typedName,
    email: emailAddress,
    fullName: typedName.nullable(),
    roles,
    isActive: z.boolean(),
    maxBudget: budget.nullable(),
    tpmLimit: limit.nullable(),
    rpmLimit: limit.nullable(),
    oauthProvider: typedName.max(50),
    oauthId: typedName,
  } satisfies Record<(typeof userDefinition.editable)[number], z.ZodType>)
  .partial();
export type UserChanges = z.infer<typeof userChanges>;

/** What is to be set of one user, who may differ from the next in it. */
const userEdit = changeTarget.extend({ changes: userChanges });
export type UserEdit = z.infer<typeof userEdit>;

/** What is to be set of several users, each named once. */
const userEdits = z.array(userEdit).max(mostSelectedRecords).refine(isNamedOnce, 'each user once');

export const shownOverBudget = 20;

/**
 * People who have spent more already than the budget that they would get: LiteLLM may refuse them at once. Spend is what
 * is recorded here.
 */
const overBudget = z.object({
  count: z.int(),
  /** Those who spent most. */
  people: z
    .array(
      reference.extend({
        spent: decimal,
        budget: decimal,
        /** LiteLLM's budget duration; NULL: it counts a lifetime, as far as is known. */
        period: z.string().nullable(),
        /** When it counts anew; NULL: never, or not known. */
        resetsAt: instant.nullable(),
      }),
    )
    .max(shownOverBudget),
  /** The same changes with the budget on top of what they spent; NULL where there are too many to name one by one. */
  countFromNow: z.array(userEdit).max(mostSelectedRecords).nullable(),
});
export type OverBudget = z.infer<typeof overBudget>;

/** What a change of users would do. */
const usersPreview = changePreview.extend({ overBudget: overBudget.optional() });
export type UsersPreview = z.infer<typeof usersPreview>;

/** What a new user gets where nothing else is said: the documented defaults of the columns, and LiteMaaS's own sign-in. */
export const newUserDefaults = {
  roles: ['user'],
  maxBudget: '100',
  tpmLimit: '1000',
  rpmLimit: '60',
  oauthProvider: 'openshift',
};

/** A team that new users join besides the Default Team. */
export const joinedTeam = z.strictObject({ id: uuid, role: z.enum(['member', 'admin']) });
export type JoinedTeam = z.infer<typeof joinedTeam>;

/** How many teams somebody joins at a time. */
export const mostJoinedTeams = 20;

/** Somebody who is to be created. */
export const newUser = z.strictObject({
  username: typedName,
  /** NULL: none is known. */
  email: emailAddress.nullable(),
  fullName: typedName.nullable().default(null),
  roles: roles.default(newUserDefaults.roles),
  maxBudget: budget.nullable().default(newUserDefaults.maxBudget),
  tpmLimit: limit.nullable().default(newUserDefaults.tpmLimit),
  rpmLimit: limit.nullable().default(newUserDefaults.rpmLimit),
  oauthProvider: typedName.max(50).default(newUserDefaults.oauthProvider),
  /** By which the identity provider knows the person; NULL: not known yet. */
  oauthId: typedName.nullable().default(null),
  /** Teams of this person, besides those that all of them join. */
  teams: z.array(joinedTeam).max(mostJoinedTeams).default([]),
});
export type NewUser = z.input<typeof newUser>;

/** One of two users whose addresses differ only in case. */
const sameAddressUser = reference.extend({
  id: uuid,
  email: z.string(),
  version: recordVersion,
  isActive: z.boolean(),
  lastLoginAt: instant.nullable(),
  /** All that were recorded. */
  requests: z.int(),
});

/** How many people leave at a time. */
export const mostLeavers = 50;
/** Of how many teams somebody who leaves can be the last admin. */
export const mostLedTeams = 200;

/** A team whose last admin leaves, and who becomes its admin; NULL: it goes on without one. */
const handedOn = z.strictObject({ teamId: uuid, to: uuid.nullable() });
export type HandedOn = z.infer<typeof handedOn>;

const shownLeft = 500;

/** Whether LiteLLM has heard of it: `none` where there is nothing to tell, or it hears of something newer. */
const heardOf = z.enum(['none', 'told', 'waits', 'refused']);
export type HeardOf = z.infer<typeof heardOf>;

/** What became of somebody who left, by the journal and as far as it is still known. */
const leaverReport = z.object({
  id: uuid,
  username: z.string(),
  email: z.string().nullable(),
  fullName: z.string().nullable(),
  /** The record was deleted since. */
  isDeleted: z.boolean(),
  /** Somebody has taken the leaving back. */
  isUndone: z.boolean(),
  told: heardOf,
  keyCount: z.int(),
  keys: z
    .array(
      z.object({
        id: z.string(),
        label: z.string(),
        prefix: z.string().nullable(),
        team: z.string().nullable(),
        told: heardOf,
      }),
    )
    .max(shownLeft),
  subscriptionCount: z.int(),
  subscriptions: z
    .array(z.object({ id: z.string(), model: z.string(), before: z.string().nullable() }))
    .max(shownLeft),
  teamCount: z.int(),
  teams: z
    .array(
      z.object({
        id: z.string(),
        label: z.string(),
        role: z.string(),
        /** Who became its admin with this. */
        to: z.string().nullable(),
        /** Nobody who is active is its admin now. */
        isWithoutAdmin: z.boolean(),
        told: heardOf,
      }),
    )
    .max(shownLeft),
});
export type LeaverReport = z.infer<typeof leaverReport>;

export const usersContract = {
  list: query({ scope: 'schema', input: userList, output: listOutput(userRow) }),
  get: query({
    scope: 'schema',
    input: z.strictObject({ id: uuid }),
    output: userRow.extend({
      ...userDetails.shape,
      litellm: z.array(remoteRecord).max(10),
      untoldNews: z.array(untoldNews).max(20),
    }),
  }),
  options: query({ scope: 'schema', input: optionsInput, output: optionsOutput }),
  exportCsv: file({ scope: 'schema', input: userList, output: z.null() }),
  /** Which of these addresses and usernames somebody has already, upper and lower case aside. */
  known: query({
    scope: 'schema',
    input: z.strictObject({
      emails: z.array(z.string().max(255)).max(maxNewUsers),
      usernames: z.array(z.string().max(255)).max(2 * maxNewUsers),
    }),
    output: z.object({
      /** By the address that was asked for. Several may have one, each in its own case. */
      holders: z
        .array(reference.extend({ email: z.string(), isActive: z.boolean(), version: recordVersion }))
        .max(2 * maxNewUsers),
      usernames: z.array(z.string()).max(2 * maxNewUsers),
    }),
  }),
  /** What deleting users would do, and what goes with them. `changes.run` does it. */
  previewDelete: query({
    scope: 'schema',
    input: z.strictObject({ targets: changeTargets(userList) }),
    output: changePreview,
  }),
  /** What a change of users would do. `changes.run` does it. */
  previewUpdate: query({
    scope: 'schema',
    input: z.strictObject({ targets: changeTargets(userList), changes: userChanges }),
    output: usersPreview,
  }),
  /** What changes would do that differ from user to user. `changes.run` does them. */
  previewEdits: query({
    scope: 'schema',
    input: z.strictObject({ edits: userEdits.min(1) }),
    output: usersPreview,
  }),
  /** What creating users would do: all of them in one transaction per slice, with their memberships and subscriptions. */
  previewCreate: query({
    scope: 'schema',
    input: z.strictObject({
      people: z.array(newUser).min(1).max(maxNewUsers),
      teams: z.array(joinedTeam).max(mostJoinedTeams).default([]),
      /** NULL: they are subscribed to nothing. */
      subscriptions: subscriptionsOfNewUsers.nullable().default(null),
    }),
    output: changePreview,
  }),
  /** Two users with one address, and which of them had better stay. */
  sameAddress: query({
    scope: 'schema',
    input: z.strictObject({ ids: z.tuple([uuid, uuid]) }),
    output: z.object({
      /** The one that had better stay comes first. */
      users: z.array(sameAddressUser).max(2),
      /** Why: it signed in later, has more usage, or is the older record. */
      because: z.enum(['sign_in', 'usage', 'age']),
    }),
  }),
  /** What people who leave have, and whose admin nobody else is. */
  leaving: query({
    scope: 'schema',
    input: z.strictObject({ ids: z.array(uuid).min(1).max(mostLeavers) }),
    output: z.object({
      /** Those that are there. */
      people: z.array(reference.extend({ id: uuid, version: recordVersion })).max(mostLeavers),
      /** Keys that are on, open subscriptions, and memberships. */
      keys: z.int(),
      subscriptions: z.int(),
      memberships: z.int(),
      teams: z.array(reference.extend({ id: uuid, admins: z.string() })).max(mostLedTeams),
      /** All of them. */
      teamCount: z.int(),
    }),
  }),
  /**
   * What it would do that people leave: switched off with their keys, their subscriptions and memberships ended, and the
   * teams handed on. `changes.run` does it.
   */
  previewOffboard: query({
    scope: 'schema',
    input: z.strictObject({
      targets: z.strictObject({
        selected: z.array(changeTarget).min(1).max(mostLeavers).refine(isNamedOnce, 'each person once'),
      }),
      handedOn: z.array(handedOn).max(mostLedTeams).default([]),
    }),
    output: changePreview,
  }),
  /** What became of the people who left in a batch, to be read later and printed. */
  offboardReport: query({
    scope: 'schema',
    input: z.strictObject({ batchId: uuid }),
    output: z.object({
      at: instant,
      actor: z.string(),
      reason: z.string().nullable(),
      /** Whom LiteLLM's side is read from; NULL where no proxy is linked. */
      proxy: z.string().nullable(),
      people: z.array(leaverReport).max(mostLeavers),
    }),
  }),
  /** What merging a duplicate into the record that stays would do. `changes.run` does it. */
  previewMerge: query({
    scope: 'schema',
    input: z.strictObject({ from: changeTarget, into: changeTarget }),
    output: changePreview,
  }),
};
