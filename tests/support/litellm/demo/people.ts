import { userRow } from '../rows';
import type { UserRow } from '../state';
import type { Random } from './random';

const names = [
  ...[
    'Ana Kovač',
    'Ben Okafor',
    'Chen Wei',
    'Dilnoza Karimova',
    'Émile Laurent',
    'Fatima Zahra',
    'Giulia Conti',
  ],
  ...['Hiroshi Tanaka', 'Ingrid Solberg', 'João Pereira', 'Katarzyna Nowak', 'Liam Walsh', 'Mehmet Yılmaz'],
  ...[
    'Nadia Haddad',
    'Oluwaseun Ade',
    'Priya Raman',
    'Quentin Dubois',
    'Rosa Jiménez',
    'Søren Holm',
    'Thandi Nkosi',
  ],
  ...[
    'Uma Krishnan',
    'Viktor Petrov',
    'Wanjiru Kamau',
    'Ximena Torres',
    'Yusuf Demir',
    'Zoë Meijer',
    'Øyvind Berg',
  ],
  ...['Lucía Fernández', 'Marek Dvořák', 'Sofia Rossi'],
] as const;

/** Ids that the rest of the demo refers to. */
export const people = {
  masterKeyUser: 'default_user_id',
  administrator: 'f2a1c3d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d',
  viewer: '0d2f9b7a-13c4-4d5e-9f60-7a8b9c0d1e2f',
  /** Listed in a team and owner of a key, but no longer a user. */
  deleted: '6c1e0f5a-2b3d-4e4f-8a5b-9c6d7e8f9a0b',
  robot: 'batch-robot',
  withoutEmail: 'svc-nightly-report',
} as const;

function loginOf(name: string): string {
  const ascii = name
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replaceAll('ø', 'o')
    .replaceAll('Ø', 'O')
    .replaceAll('ı', 'i');
  return ascii.toLowerCase().replaceAll(' ', '.');
}

function ordinaryPerson(name: string, random: Random, createdAt: string): UserRow {
  const login = loginOf(name);
  return userRow({
    user_id: random.uuid(),
    user_alias: name,
    user_email: `${login}@example.test`,
    user_role: random.chance(0.1) ? 'internal_user_viewer' : 'internal_user',
    max_budget: random.pick([null, 50, 100, 100, 250]),
    budget_duration: random.pick(['1mo', '1mo', '30d', null]),
    tpm_limit: random.pick([null, null, 20_000, 60_000]),
    rpm_limit: random.pick([null, null, 60, 120]),
    sso_user_id: random.chance(0.5) ? `sso|${login}` : null,
    created_at: createdAt,
    updated_at: createdAt,
  });
}

/** People and accounts that a sync trips over: each says why it is there. */
function hardCases(createdAt: string, naiveCreatedAt: string): UserRow[] {
  const times = { created_at: createdAt, updated_at: createdAt };
  return [
    // The id behind the master key.
    userRow({ user_id: people.masterKeyUser, user_role: 'proxy_admin', ...times }),
    userRow({
      user_id: people.administrator,
      user_alias: 'Morgan Ellis',
      user_email: 'morgan.ellis@example.test',
      user_role: 'proxy_admin',
      ...times,
    }),
    userRow({
      user_id: people.viewer,
      user_alias: 'Robin Castro',
      user_email: 'robin.castro@example.test',
      user_role: 'proxy_admin_viewer',
      ...times,
    }),
    // Ids that are no UUIDs, one with a comma (which `user_ids` cannot express), one with a slash.
    userRow({ user_id: people.robot, user_alias: 'Batch robot', user_email: 'batch@example.test', ...times }),
    userRow({
      user_id: 'kim.larsen@example.test',
      user_alias: 'Kim Larsen',
      user_email: 'kim.larsen@example.test',
      ...times,
    }),
    userRow({
      user_id: 'CN=Noor Aziz,OU=Finance,DC=example,DC=test',
      user_alias: 'Noor Aziz',
      user_email: 'noor.aziz@example.test',
      ...times,
    }),
    userRow({
      user_id: 'partners/4711',
      user_alias: null,
      user_email: 'partner-4711@example.test',
      ...times,
    }),
    // Without an e-mail, one of them without any name; a naive timestamp means UTC.
    userRow({
      user_id: people.withoutEmail,
      user_alias: 'Nightly report',
      created_at: naiveCreatedAt,
      updated_at: naiveCreatedAt,
    }),
    userRow({ user_id: 'b8e4d2c6-0a1f-4b3c-9d5e-7f8091a2b3c4', ...times }),
    // A second person of the same alias, whose e-mail differs from the first one's only by case.
    userRow({
      user_id: '5b7d9f13-2c4e-4f60-8a1b-3c5d7e9f1a2b',
      user_alias: 'Ana Kovač',
      user_email: 'Ana.Kovac@example.test',
      ...times,
    }),
  ].map((user) =>
    // A role our users table does not know, and a budget spelling that resets spend every night.
    user.user_id === 'partners/4711'
      ? { ...user, user_role: 'customer', max_budget: 0, budget_duration: 'monthly' }
      : user,
  );
}

/** 40 users: 30 ordinary people with UUIDs and ten hard cases. */
export function demoPeople(
  random: Random,
  createdAt: () => Date,
  timestamp: (at: Date) => string,
): UserRow[] {
  const ordinary = names.map((name) => ordinaryPerson(name, random, timestamp(createdAt())));
  const oldest = timestamp(createdAt());
  return [...hardCases(oldest, oldest.replace('Z', '')), ...ordinary];
}
