import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { roleKinds } from '../../../shared/contract/database';
import { isRoleName } from '../../../shared/role-name';
import { tables } from '../../postgres/relations';
import { roleGrants } from './role-grants';
import { roleStatements } from './role-statements';

const docs = readFileSync(join(import.meta.dirname, '../../../../docs/roles.md'), 'utf8');

const wish = { database: 'litemaas', exists: false, others: [] } as const;

it.each(roleKinds)('stands in docs/roles.md as the console says it: the %s', (role) => {
  const statements = roleStatements({ ...wish, role, name: `litemaas_${role}` });
  expect(docs).toContain(`\`\`\`sql\n${statements}\`\`\`\n`);
});

it('makes no role that is there, and says so', () => {
  const statements = roleStatements({ ...wish, role: 'reader', name: 'Ana', exists: true });
  expect(statements).not.toContain('CREATE ROLE');
  expect(statements).toContain('-- "Ana" is there already and keeps what it has');
});

it('quotes names, so that none of them becomes a statement', () => {
  const name = 'a"; DROP TABLE users; --';
  const database = 'da"ta';
  const statements = roleStatements({
    ...wish,
    role: 'owner',
    name,
    database,
    others: ['ALTER TABLE public.t'],
  });
  expect(statements).toContain('ALTER TABLE public.t OWNER TO "a""; DROP TABLE users; --";');
  expect(statements).toContain('ON DATABASE "da""ta" TO "a""; DROP TABLE users; --";');
});

it('never grants a reader what holds values of keys, nor anybody a whole audit entry to change', () => {
  const ofKeys = roleGrants.reader.relations.filter(({ relation }) => relation === tables.api_keys);
  expect(ofKeys.map(({ columns }) => columns?.includes('key_hash'))).toEqual([true]);
  expect(ofKeys.some(({ columns }) => columns?.includes('lite_llm_key_value'))).toBe(false);
  const onAudit = roleGrants.administrator.relations.filter(({ relation }) => relation === tables.audit_logs);
  expect(onAudit.filter(({ privilege }) => privilege === 'DELETE')).toEqual([]);
  expect(onAudit.filter(({ privilege }) => privilege === 'UPDATE')).toMatchObject([
    { columns: ['user_id', 'metadata'] },
  ]);
});

it.each([
  ['litemaas_reader', true],
  ['Grün', true],
  ['', false],
  [' a', false],
  ['public', false],
  ['none', false],
  ['pg_monitor2', false],
  ['a\nb', false],
  ['a\u202Eb', false],
  ['ä'.repeat(31), true],
  ['ä'.repeat(32), false],
])('knows which names a role can have: %j', (name, can) => {
  expect(isRoleName(name)).toBe(can);
});
