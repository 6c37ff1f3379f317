// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  jobOf,
  openRenderedPage,
  openWorkspaceOf,
  type RenderedPage,
} from '../../../../tests/support/rendered-page';
import type { ErrorEnvelope } from '../../../shared/errors';
import { AccessDialog } from './access-dialog';
import { ConnectScreen } from './connect-screen';

const refused: ErrorEnvelope = {
  code: 'db_superuser',
  message: '“boss” is a superuser, and others own things.',
  details: { reason: 'superuser', others: '“stranger” may create in the schema “public”' },
};

let page: RenderedPage;
beforeEach(async () => {
  page = await openRenderedPage();
  page.answer('workspace', 'discover', () => ({ found: [], lookedAt: [] }));
});

const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label);
const press = (name: string) => fireEvent.click(screen.getByText(name, { selector: 'button' }));
const superuserTick = () => screen.queryByLabelText<HTMLInputElement>(/^I know them/);
const weakTick = () => screen.queryByLabelText<HTMLInputElement>('Allow weak sign-in');

describe('connecting to a server', () => {
  beforeEach(() => {
    page.show(<ConnectScreen />);
    for (const [label, value] of [
      ['Host', 'localhost'],
      ['Database', 'theirs'],
      ['User', 'boss'],
    ] as const)
      fireEvent.change(field(label), { target: { value } });
  });

  let attempts = 0;
  async function connect(): Promise<{ acceptSuperuser?: boolean | undefined } | undefined> {
    attempts += 1;
    const id = `attempt ${attempts}`;
    page.answer('workspace', 'connect', () => ({ jobId: id }));
    const before = page.asked('workspace', 'connect').length;
    press('Connect');
    await waitFor(() => expect(page.asked('workspace', 'connect')).toHaveLength(before + 1));
    await page.tell({ jobs: [jobOf('workspace.connect', refused, id)] });
    return page.asked('workspace', 'connect').at(-1);
  }

  it('offers to be a superuser after it was refused, and sends that only once it is ticked', async () => {
    expect(superuserTick()).toBeNull();
    expect(await connect()).toMatchObject({ acceptSuperuser: false });
    expect(
      screen.getByText('“stranger” may create in the schema “public”', { selector: 'li' }),
    ).toBeDefined();
    const tick = superuserTick();
    expect(tick?.checked).toBe(false);
    if (tick) fireEvent.click(tick);
    expect(await connect()).toMatchObject({ acceptSuperuser: true });
  });

  it('takes the choice, and who is meant by it, for no other database', async () => {
    await connect();
    fireEvent.click(superuserTick() as HTMLInputElement);
    fireEvent.change(field('Database'), { target: { value: 'another' } });
    await waitFor(() => expect(superuserTick()).toBeNull());
    expect(await connect()).toMatchObject({ acceptSuperuser: false });
    expect(superuserTick()?.checked).toBe(false);
  });

  it('leaves a failure behind when the connection is tested', async () => {
    await connect();
    expect(screen.getByText('The connection did not work')).toBeDefined();
    press('Test connection');
    await waitFor(() => expect(screen.queryByText('The connection did not work')).toBeNull());
    await waitFor(() => expect(page.asked('workspace', 'test')).toHaveLength(1));
    expect(page.asked('workspace', 'test')[0]).toMatchObject({ acceptSuperuser: false });
  });

  it('leads from a refused weak sign-in to its exception, which is off and says what it risks', async () => {
    attempts += 1;
    page.answer('workspace', 'connect', () => ({ jobId: `attempt ${attempts}` }));
    press('Connect');
    await waitFor(() => expect(page.asked('workspace', 'connect')).toHaveLength(1));
    expect(page.asked('workspace', 'connect')[0]).toMatchObject({ connection: { weakSignInAllowed: false } });
    const weak = {
      code: 'db_auth',
      message: 'It asks for MD5.',
      details: { reason: 'weak_sign_in' },
    } as const;
    await page.tell({ jobs: [jobOf('workspace.connect', weak, `attempt ${attempts}`)] });
    press('Go to “Allow weak sign-in”');
    const tick = weakTick();
    await waitFor(() => expect(document.activeElement).toBe(tick));
    expect(tick?.checked).toBe(false);
    const risk = document.getElementById(tick?.getAttribute('aria-describedby') ?? '')?.textContent;
    expect(risk).toContain('Whoever answers at this address gets it');
    if (tick) fireEvent.click(tick);
    press('Test connection');
    await waitFor(() => expect(page.asked('workspace', 'test')).toHaveLength(1));
    expect(page.asked('workspace', 'test')[0]).toMatchObject({ connection: { weakSignInAllowed: true } });
    // Where the server is verified there is nothing to except.
    fireEvent.click(screen.getByLabelText(/^Verify everything/));
    expect(weakTick()).toBeNull();
    press('Test connection');
    await waitFor(() => expect(page.asked('workspace', 'test')).toHaveLength(2));
    expect(page.asked('workspace', 'test')[1]).toMatchObject({ connection: { weakSignInAllowed: false } });
  });
});

describe('the question before administering', () => {
  const settings = {
    name: 'Books',
    environmentLabel: '',
    colour: '',
    access: 'read-only',
    operatorUserId: null,
    reportingTimeZone: 'UTC',
  } as const;
  const confirm = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Open as administrator' });

  beforeEach(async () => {
    page.answer('workspace', 'get', () => ({ settings }) as never);
    page.answer('workspace', 'update', () => ({ jobId: 'change' }));
    await page.tell({ workspace: openWorkspaceOf({ access: 'read-only' }) });
    page.show(
      <AccessDialog workspaceId="workspace" access="administer" open onClose={vi.fn()} onDone={vi.fn()} />,
    );
    await waitFor(() => expect(confirm().disabled).toBe(false));
  });

  it('offers the choice where the role is refused, and goes on only with it', async () => {
    fireEvent.click(confirm());
    await waitFor(() => expect(page.asked('workspace', 'update')).toHaveLength(1));
    expect(page.asked('workspace', 'update')[0]).not.toHaveProperty('acceptSuperuser');
    await page.tell({ jobs: [jobOf('workspace.update', refused, 'change')] });
    expect(confirm().disabled).toBe(true);
    const choice = screen.getByRole('group', { name: 'Who else has a hand in this database' });
    fireEvent.click(within(choice).getByRole('checkbox'));
    expect(confirm().disabled).toBe(false);
    fireEvent.click(confirm());
    await waitFor(() => expect(page.asked('workspace', 'update')).toHaveLength(2));
    expect(page.asked('workspace', 'update')[1]).toEqual({
      workspaceId: 'workspace',
      settings: { ...settings, access: 'administer' },
      acceptSuperuser: true,
    });
  });

  it('asks nothing about a refusal that another page met with', async () => {
    await page.tell({ jobs: [jobOf('workspace.update', refused, 'of another page')] });
    expect(superuserTick()).toBeNull();
    expect(confirm().disabled).toBe(false);
  });
});
