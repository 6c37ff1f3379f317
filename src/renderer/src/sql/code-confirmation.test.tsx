// @vitest-environment happy-dom
import { act, fireEvent, screen } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import { openRenderedPage, type RenderedPage } from '../../../../tests/support/rendered-page';
import { ExportButton } from '../lists/export-button';
import type { Asked } from './asked';
import { CodeConfirmation } from './code-confirmation';
import { SchemaChooser } from './schema-chooser';

let page: RenderedPage;
beforeEach(async () => {
  page = await openRenderedPage();
});

const asked: Asked = {
  what: 'run',
  statement: 'SELECT net(1)',
  offset: 0,
  schemas: ['reports'],
  confirmed: [],
};
const code = (count: number) => ({
  code: Array.from({ length: count }, (_unused, at) => ({
    id: `id ${at}`,
    kind: at === 1 ? ('operator' as const) : ('function' as const),
    name: `reports.net_${at}(numeric)`,
    language: 'sql',
  })),
});

it('names the code of the database before it runs, and lets it run by its ids', async () => {
  page.answer('sql', 'code', () => code(2));
  const onConfirm = vi.fn();
  page.show(<CodeConfirmation asked={asked} onConfirm={onConfirm} />);
  expect((await screen.findByRole('alert')).textContent).toContain('Nothing was run yet.');
  expect(page.asked('sql', 'code')).toEqual([{ statement: 'SELECT net(1)', schemas: ['reports'] }]);
  expect(screen.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
    'reports.net_0(numeric) (function, sql)',
    'reports.net_1(numeric) (operator, sql)',
  ]);
  expect(onConfirm).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole('button', { name: 'Run it with this code' }));
  expect(onConfirm.mock.calls).toEqual([[['id 0', 'id 1']]]);
});

it.each([
  ['plan', 'Plan it with this code'],
  ['analyze', 'Analyse it with this code'],
] as const)('says what it would do for “%s”', async (what, name) => {
  page.answer('sql', 'code', () => code(1));
  page.show(<CodeConfirmation asked={{ ...asked, what }} onConfirm={vi.fn()} />);
  expect(await screen.findByRole('button', { name })).toBeDefined();
});

it('confirms all of a long list, of which it names the first and counts the rest', async () => {
  page.answer('sql', 'code', () => code(53));
  const onConfirm = vi.fn<(ids: readonly string[]) => void>();
  page.show(<CodeConfirmation asked={asked} onConfirm={onConfirm} />);
  fireEvent.click(await screen.findByRole('button', { name: 'Run it with this code' }));
  expect(screen.getAllByRole('listitem')).toHaveLength(50);
  expect(screen.getByText('and 3 more.')).toBeDefined();
  expect(onConfirm.mock.calls[0]?.[0]).toHaveLength(53);
});

it('looks names up in the schemas that are chosen, in their order', async () => {
  const schemas = ['pg_catalog', 'public', 'reports'].map((name) => ({
    name,
    owner: 'boss',
    relations: 1,
    system: name === 'pg_catalog',
  }));
  page.answer('browse', 'schemas', () => ({ schemas, more: false }));
  const onChange = vi.fn();
  page.show(<SchemaChooser value={['public']} onChange={onChange} />);
  const chooser = screen.getByRole('combobox', { name: 'Schemas searched' });
  fireEvent.mouseDown(chooser);
  await screen.findByRole('option', { name: 'reports' });
  expect(screen.getAllByRole('option').map(({ textContent }) => textContent)).toEqual(['public', 'reports']);
  fireEvent.click(screen.getByRole('option', { name: 'reports' }));
  expect(onChange.mock.calls).toEqual([[['public', 'reports']]]);
});

it('says so where names are looked up in PostgreSQL’s own schema alone', () => {
  page.answer('browse', 'schemas', () => ({ schemas: [], more: false }));
  page.show(<SchemaChooser value={[]} onChange={vi.fn()} />);
  expect(screen.getByPlaceholderText('none but pg_catalog')).toBeDefined();
});

it('tells of an export, to the keyboard too, how a NULL differs from an empty text', async () => {
  const [onExport, onCancel] = [vi.fn(), vi.fn()];
  page.show(<ExportButton hint="All rows." onExport={onExport} isExporting={false} onCancel={onCancel} />);
  const button = screen.getByRole('button', { name: 'Export CSV' });
  act(() => button.focus());
  const tooltip = await screen.findByRole('tooltip');
  expect(tooltip.textContent).toMatch(
    /^All rows\. .*NULL \(no value\) is an empty field, an empty text is ""\./,
  );
  expect(button.getAttribute('aria-describedby')).toBe(tooltip.id);
  fireEvent.click(button);
  expect([onExport.mock.calls.length, onCancel.mock.calls.length]).toEqual([1, 0]);
});
