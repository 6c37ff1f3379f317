import { createHash } from 'node:crypto';
import type { DemoModel } from './models';
import { people, teamNames } from './people';
import { createRandom, demoId } from './random';

const seed = 20_231_116;
const subscriptionCount = 60;
const keyCount = 80;
const dayMs = 86_400_000;

export interface DemoUser {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly full_name: string;
  readonly roles: readonly string[];
  readonly is_active: boolean;
  readonly max_budget: string | null;
  readonly last_login_at: string | null;
  readonly created_at: string;
}

export interface DemoTeam {
  readonly id: string;
  readonly name: string;
  readonly alias: string;
  readonly description: string;
  readonly created_by: string;
  readonly max_budget: string | null;
  readonly allowed_models: readonly string[];
  readonly is_active: boolean;
  readonly created_at: string;
}

export interface DemoMember {
  readonly team_id: string;
  readonly user_id: string;
  readonly role: 'admin' | 'member';
}

export interface DemoSubscription {
  readonly id: string;
  readonly user_id: string;
  readonly model_id: string;
  readonly team_id: string | null;
  readonly status: 'pending' | 'active' | 'cancelled';
  readonly quota_requests: string | null;
  readonly quota_tokens: string | null;
  readonly max_budget: string | null;
  readonly expires_at: string | null;
  readonly created_at: string;
}

export interface DemoKey {
  readonly id: string;
  readonly user_id: string;
  readonly team_id: string | null;
  readonly subscription_id: string | null;
  readonly name: string;
  readonly key_hash: string;
  readonly key_prefix: string;
  readonly max_budget: string | null;
  readonly is_active: boolean;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
  readonly created_at: string;
  readonly model_ids: readonly string[];
}

export interface DemoRecords {
  readonly users: readonly DemoUser[];
  readonly teams: readonly DemoTeam[];
  readonly members: readonly DemoMember[];
  readonly subscriptions: readonly DemoSubscription[];
  readonly keys: readonly DemoKey[];
}

const purposes = [
  'laptop',
  'notebook',
  'ci',
  'chatbot',
  'batch',
  'prototype',
  'editor',
  'reporting',
] as const;

/**
 * The demo's people, teams, subscriptions and keys, the same for the same models and moment. Key values do not
 * exist: the hashes are of made-up text, so no demo key could ever be used anywhere.
 */
export function buildDemoRecords(models: readonly DemoModel[], now: Date): DemoRecords {
  const random = createRandom(seed);
  const daysBefore = (days: number): string => new Date(now.getTime() - days * dayMs).toISOString();

  const users = people.map(([username, fullName], index): DemoUser => ({
    id: demoId(`user/${username}`),
    username,
    email: `${username}@demo.invalid`,
    full_name: fullName,
    roles: index === 0 ? ['admin', 'user'] : index === 1 ? ['admin-readonly', 'user'] : ['user'],
    is_active: index !== 37,
    max_budget: index % 11 === 5 ? null : String(50 + 50 * (index % 4)),
    last_login_at: index % 13 === 12 ? null : daysBefore(random.next() * 20),
    created_at: daysBefore(60 + random.below(300)),
  }));

  const teams = teamNames.map(([name, description], index): DemoTeam => ({
    id: demoId(`team/${name}`),
    name,
    alias: name
      .toLowerCase()
      .replace(/[^a-z]+/g, '-')
      .slice(0, 40),
    description,
    created_by: at(users, 0).id,
    max_budget: index === 4 ? null : String(1000 + 500 * index),
    allowed_models: index % 2 === 0 ? [] : models.slice(0, 4 + index).map(({ id }) => id),
    is_active: true,
    created_at: daysBefore(340 - index * 20),
  }));

  const members = users.map((user, index): DemoMember => ({
    team_id: at(teams, index % teams.length).id,
    user_id: user.id,
    role: index < teams.length ? 'admin' : 'member',
  }));
  const teamOf = (userIndex: number): string => at(teams, userIndex % teams.length).id;

  const subscriptions = Array.from({ length: subscriptionCount }, (_, index): DemoSubscription => {
    const userIndex = index % users.length;
    const model = at(models, (index + Math.floor(index / users.length) * 5) % models.length);
    const user = at(users, userIndex);
    return {
      id: demoId(`subscription/${user.username}/${model.id}`),
      user_id: user.id,
      model_id: model.id,
      team_id: index % 7 === 3 ? null : teamOf(userIndex),
      status: index === 51 || index === 57 ? 'pending' : index === 54 ? 'cancelled' : 'active',
      quota_requests: index % 9 === 4 ? null : index === 2 || index === 9 ? '400' : '50000',
      quota_tokens: index % 9 === 4 ? null : index === 5 ? '250000' : '100000000',
      max_budget: index % 8 === 6 ? null : '100',
      expires_at: index === 46 || index === 49 ? daysBefore(3) : index % 10 === 8 ? daysBefore(-45) : null,
      created_at: daysBefore(40 + random.below(20)),
    };
  });

  const subscribed = subscriptions.filter(({ status }) => status === 'active');
  const keyNames = new Set<string>();
  const newKeyName = ({ username }: DemoUser, index: number): string => {
    const names = purposes.map((_, step) => {
      const purpose = at(purposes, (index + step) % purposes.length);
      return `${username.split('.')[0] ?? username}-${purpose}`;
    });
    const name = at(
      names.filter((candidate) => !keyNames.has(candidate)),
      0,
    );
    keyNames.add(name);
    return name;
  };
  const keys = Array.from({ length: keyCount }, (_, index): DemoKey => {
    const subscription = at(subscribed, index % subscribed.length);
    const user = users.find(({ id }) => id === subscription.user_id) ?? at(users, 0);
    const own = subscribed.filter(({ user_id }) => user_id === user.id).map(({ model_id }) => model_id);
    const name = newKeyName(user, index);
    return {
      id: demoId(`key/${index}`),
      user_id: user.id,
      team_id: subscription.team_id,
      subscription_id: index % 5 === 0 ? subscription.id : null,
      name,
      key_hash: createHash('sha256').update(`litemaas-console demo key ${index}`).digest('hex'),
      key_prefix: `sk-${createHash('md5').update(`key/${index}`).digest('hex').slice(0, 4)}`,
      max_budget: index % 6 === 1 ? null : '25',
      is_active: index % 20 !== 13,
      expires_at: index === 70 ? daysBefore(5) : index % 12 === 7 ? daysBefore(-9) : null,
      revoked_at: index === 66 ? daysBefore(12) : null,
      created_at: daysBefore(31 + random.below(9)),
      model_ids: index === 61 ? [] : own,
    };
  });

  return { users, teams, members, subscriptions, keys };
}

/** Indexing within known bounds, without a non-null assertion at every use. */
function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`The demo has no item ${index}`);
  return item;
}
