import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Locator, Page } from '@playwright/test';
import {
  clusterOfRun,
  createRunFolder,
  removeRunFolder,
  type PostgresCluster,
} from '../support/postgres-cluster';
import { startForwarder } from '../support/faults/tcp-forwarder';
import { startOwnServer, type OwnServer } from '../support/own-server';
import { createDatabase } from '../support/postgres-databases';
import { quickestFolder } from '../support/quickest-folder';
import { openTestSession } from '../support/test-session';
import { expect, expectAccessible, test } from './fixture';
import { chooseTheme, openScreen } from './steps';

let runFolder: string;
let cluster: PostgresCluster;
/** Asks for passwords. */
let server: OwnServer;

test.beforeAll(async () => {
  runFolder = await createRunFolder(quickestFolder());
  cluster = await clusterOfRun(runFolder, 18);
  server = await startOwnServer();
});
test.afterAll(async () => {
  await server.remove();
  await removeRunFolder(runFolder);
});

function uriOf(database: string, port = cluster.port): string {
  return `postgresql://${cluster.ownerUser}@${cluster.host}:${String(port)}/${database}`;
}

/** Pastes into the field at the top, as from the clipboard: that alone fills the form in. */
async function pasteUri(page: Page, uri: string): Promise<void> {
  await page.getByLabel('Connection URI').evaluate((field, text) => {
    const data = new DataTransfer();
    data.setData('text', text);
    field.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    );
  }, uri);
  await expect(page.getByText('The form is filled in from the URI.')).toBeVisible();
}

async function openConnect(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('link', { name: 'Connect to a server…' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Connect to a server' })).toBeVisible();
}

const connectButton = (page: Page) => page.getByRole('button', { name: 'Connect', exact: true });

test('a pasted URI is tested, connected read-only, and the empty database says what works there', async ({
  page,
  console_,
}) => {
  const { name } = await createDatabase(cluster, 'e2e_empty', { migrated: false });
  await openConnect(page, console_.url);
  // What was typed before gives way as a whole: a mixture of two servers would be neither.
  await page.getByLabel('Host', { exact: true }).fill('another.example.com');
  await page.getByLabel('User', { exact: true }).fill('another');
  await pasteUri(page, uriOf(name));
  await expect(page.getByLabel('Host', { exact: true })).toHaveValue(cluster.host);
  await expect(page.getByLabel('User', { exact: true })).toHaveValue(cluster.ownerUser);
  await expect(page.getByLabel('Database', { exact: true })).toHaveValue(name);
  await expect(page.getByRole('radio', { name: /No encryption/ })).toBeChecked();

  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.getByText('The connection works')).toBeVisible();
  await expect(page.getByText(/^PostgreSQL 18\./)).toBeVisible();
  await expect(
    page.getByText('Nothing is encrypted or verified. The connection stays on this machine.'),
  ).toBeVisible();
  await expect(page.getByText('Owns the database')).toBeVisible();
  await expectAccessible(page, 'the report of a test');
  // A result is about the fields it was made with.
  await page.getByLabel('User', { exact: true }).fill('somebody');
  await expect(page.getByText('The connection works')).toBeHidden();
  await page.getByLabel('User', { exact: true }).fill(cluster.ownerUser);

  await connectButton(page).click();
  await expect(page.getByRole('heading', { level: 1, name: 'An empty database' })).toBeVisible();
  await expect(page.getByRole('button', { name: `Workspace ${name} on ${cluster.host}` })).toBeVisible();
  await expect(page.getByText('Read-only', { exact: true })).toBeVisible();
  await expect(page.getByRole('main').getByRole('link', { name: 'Browse' })).toBeVisible();
  // The address of a screen about people says the same, and stays.
  await page.evaluate(() => {
    window.location.hash = '#/users';
  });
  await expect(page.getByRole('heading', { level: 1, name: 'An empty database' })).toBeVisible();
  expect(new URL(page.url()).hash).toBe('#/users');
  for (const theme of ['Light', 'Dark'] as const) {
    await chooseTheme(page, theme);
    await expectAccessible(page, `an empty database (${theme})`);
  }
});

test('a superuser is refused where others have a hand in, chooses, and confirms the code that a statement runs', async ({
  page,
  console_,
}) => {
  const { name, config } = await createDatabase(cluster, 'e2e_theirs', { migrated: true });
  const client = await openTestSession(config);
  await client.query(
    `CREATE FUNCTION public.greeting(name text) RETURNS text LANGUAGE sql RETURN 'Hello ' || name`,
  );
  await client.end();
  const expectAccessibleInBoth = async (where: string): Promise<void> => {
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      await expectAccessible(page, `${where} (${colorScheme})`);
    }
  };

  await openConnect(page, console_.url);
  await pasteUri(page, uriOf(name).replace(cluster.ownerUser, cluster.adminUser));
  await connectButton(page).click();
  await expect(page.getByText(/“postgres” is a superuser, and others own things/)).toBeVisible();
  await expect(page.getByRole('listitem').first()).toHaveText(`“litemaas” owns the database “${name}”`);
  const tick = page.getByRole('checkbox', { name: 'I know them and trust them: go on as this role' });
  await expect(tick).not.toBeChecked();
  await expectAccessibleInBoth('the refusal of a superuser');
  await connectButton(page).focus();
  await tabTo(page, tick);
  await page.keyboard.press(' ');
  await expect(tick).toBeChecked();
  await connectButton(page).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'As superuser' })).toBeVisible();

  await openScreen(page, '/database/sql');
  await page.getByRole('textbox', { name: 'SQL statement' }).fill(`select greeting('reader')`);
  await page.keyboard.press('Control+Enter');
  const confirmation = page.getByRole('alert').filter({ hasText: 'Nothing was run yet.' });
  await expect(confirmation.getByRole('listitem')).toHaveText(['public.greeting(text) (function, sql)']);
  await expectAccessibleInBoth('code to be confirmed');
  await confirmation.getByRole('button', { name: 'Run it with this code' }).click();
  await expect(page.getByRole('gridcell', { name: 'Hello reader' })).toBeVisible();
  await page.getByRole('link', { name: 'As superuser' }).click();
  await expect(page.getByRole('group', { name: 'You chose to be this role here' })).toBeVisible();
});

test('a failed connection says why in its own words and keeps the form', async ({ page, console_ }) => {
  const { name } = await createDatabase(cluster, 'e2e_failing', { migrated: false });
  await openConnect(page, console_.url);

  // A mistake in the URI is told where it was made.
  const uri = page.getByLabel('Connection URI');
  await uri.fill(`${uriOf(name)}?sslmode=verify_ful`);
  await uri.press('Enter');
  await expect(page.getByText('Did you mean sslmode=verify-full?')).toBeVisible();
  await uri.fill('');

  await connectButton(page).click();
  await expect(page.getByText('Enter the name or address of the server')).toBeVisible();
  await expect(page.getByLabel('Host', { exact: true })).toBeFocused();

  await pasteUri(page, uriOf(name, 1));
  await connectButton(page).click();
  await expect(page.getByText(/Nothing listens at 127\.0\.0\.1:1/)).toBeVisible();
  await expect(page.getByLabel('Database', { exact: true })).toHaveValue(name);

  await page.getByLabel('Port', { exact: true }).fill(String(cluster.port));
  await page.getByLabel('Database', { exact: true }).fill('e2e_absent');
  await connectButton(page).click();
  await expect(page.getByText('The server has no database “e2e_absent”.')).toBeVisible();
  await page.getByLabel('User', { exact: true }).fill('e2e_nobody');
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.getByText('The server has no user “e2e_nobody”.')).toBeVisible();
  await expect(page.getByLabel('Database', { exact: true })).toHaveValue('e2e_absent');

  // A server that asks for a password says that, and that another one is wrong.
  await server.admin((client) => client.query(`CREATE ROLE e2e_reader LOGIN PASSWORD 'the right one'`));
  await server.setAccess('host all all 127.0.0.1/32 scram-sha-256');
  await page.getByLabel('Port', { exact: true }).fill(String(server.cluster.port));
  await page.getByLabel('Database', { exact: true }).fill('postgres');
  await page.getByLabel('User', { exact: true }).fill('e2e_reader');
  await page.getByRole('radio', { name: /No encryption/ }).check();
  await connectButton(page).click();
  await expect(page.getByText('The server asks for the password of the user “e2e_reader”.')).toBeVisible();
  await page.getByLabel('Password', { exact: true }).fill('another one');
  await connectButton(page).click();
  await expect(page.getByText('The password for the user “e2e_reader” is wrong.')).toBeVisible();
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue('another one');

  // Nothing of it is lost without a question.
  await page.getByRole('link', { name: 'Back to Workspaces' }).click();
  await expect(page.getByRole('dialog', { name: 'Leave without saving?' })).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByLabel('User', { exact: true })).toHaveValue('e2e_reader');
  await page.getByLabel('Password', { exact: true }).fill('the right one');
  await connectButton(page).click();
  await expect(page.getByRole('button', { name: 'Workspace postgres on 127.0.0.1' })).toBeVisible();
});

test('by keyboard alone: a test is stopped, another program’s database opened', async ({
  page,
  console_,
}) => {
  const { name, config } = await createDatabase(cluster, 'e2e_foreign', { migrated: false });
  const client = await openTestSession(config);
  await client.query('CREATE TABLE letters (id int PRIMARY KEY)');
  await client.end();
  const silent = await listenSilently();
  try {
    await page.goto(console_.url);
    await tabTo(page, page.getByRole('link', { name: 'Connect to a server…' }));
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByLabel('Connection URI'));
    await page.keyboard.type(uriOf(name, silent.port));
    await page.keyboard.press('Enter');
    await expect(page.getByText('The form is filled in from the URI.')).toBeVisible();
    await tabTo(page, page.getByRole('button', { name: 'Test connection' }));
    await page.keyboard.press('Enter');
    await expect(page.getByText('Testing the connection…')).toBeVisible();
    await tabTo(page, page.getByRole('button', { name: 'Cancel' }));
    await page.keyboard.press('Enter');
    await expect(page.getByText('Testing the connection…')).toBeHidden();
    await silent.left;

    await tabTo(page, page.getByLabel('Port', { exact: true }), 'Shift+Tab');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type(String(cluster.port));
    await page.keyboard.press('Enter');
    await expect(
      page.getByRole('heading', { level: 1, name: 'A database of another program' }),
    ).toBeFocused();
    await expect(page.getByText(/connect to an empty database, or set up a local one/)).toBeVisible();
    await expectAccessible(page, 'another program’s database');

    await page.getByRole('link', { name: 'Database', exact: true }).click();
    await expect(page.getByText('This database holds tables of another program.')).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Server', exact: true })).toBeVisible();
    await expect(page.getByText(/migrat(e now|ions? pending)/i)).toBeHidden();
    await expect(page.getByText('The other screens are closed for now')).toBeHidden();
  } finally {
    silent.close();
  }
});

/** Presses the key until the element has the focus, as a person would who sees where it goes. */
async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await expect(target).toBeVisible();
  for (let presses = 0; presses < 60; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error('The focus did not get there');
}

/** Takes connections and says nothing: what a test waits for until it is stopped. `left` resolves when it was. */
async function listenSilently(): Promise<{ port: number; left: Promise<unknown>; close: () => void }> {
  const listener = createServer();
  const left = once(listener, 'connection').then(([socket]: Socket[]) => {
    socket?.resume();
    return socket && once(socket, 'close');
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return { port: (listener.address() as AddressInfo).port, left, close: () => void listener.close() };
}

test('a workspace is edited, opened to administer, and removed', async ({ page, console_ }) => {
  const { name } = await createDatabase(cluster, 'e2e_edited', { migrated: true });
  await openConnect(page, console_.url);
  await pasteUri(page, uriOf(name));
  await page.getByLabel('Name', { exact: true }).fill('Books');
  await connectButton(page).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  const badge = page.getByRole('button', { name: 'Workspace Books' });

  await badge.click();
  await page.getByRole('menuitem', { name: 'Edit workspace…' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Books' })).toBeVisible();
  await page.getByLabel('Environment label').fill('production');
  await page.getByRole('radio', { name: 'Purple' }).check();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('The workspace is saved.')).toBeVisible();
  await expect(page.getByRole('banner').getByText('production', { exact: true })).toBeVisible();
  await expectAccessible(page, 'the edit page');

  await badge.click();
  await page.getByRole('menuitem', { name: 'Open as administrator…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Open as administrator?' });
  await expect(dialog.getByText(/This is production/)).toBeVisible();
  await expectAccessible(page, 'the question before administering');
  await dialog.getByRole('button', { name: 'Open as administrator' }).click();
  await expect(page.getByText('The workspace is open to administer it.')).toBeVisible();
  await expect(page.getByRole('banner').getByText('Read-only', { exact: true })).toBeHidden();
  // The form that is still open follows: saving it does not take the access back.
  await expect(page.getByRole('radio', { name: /^Administer/ })).toBeChecked();

  await page.getByRole('link', { name: 'Back to Workspaces' }).click();
  await page.getByRole('button', { name: 'Remove Books' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(page.getByText('Books is removed from the list.')).toBeVisible();
  await expect(page.getByRole('heading', { level: 2, name: 'Known workspaces' })).toBeHidden();
});

test('a lost database is announced, found again, and costs nothing that was typed', async ({
  page,
  console_,
}) => {
  const { name } = await createDatabase(cluster, 'e2e_lost', { migrated: true });
  const way = await startForwarder({ host: cluster.host, port: cluster.port });
  try {
    await openConnect(page, console_.url);
    await pasteUri(page, uriOf(name, way.port));
    await page.getByRole('radio', { name: /^Administer/ }).check();
    await connectButton(page).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
    await openScreen(page, '/sync');
    await page.getByLabel('Base URL').fill('https://proxy.example');
    way.goSilent();
    way.cut();
    const banner = page.getByText(/^The connection to .* is lost\./);
    await expect(banner).toBeVisible();
    await expect(page.getByLabel('Base URL')).toHaveValue('https://proxy.example');
    await expect(page.getByText(/open read-only/)).toBeHidden();
    way.comeBack();
    await expect(banner).toBeHidden({ timeout: 40_000 });
    await expect(page.getByLabel('Base URL')).toHaveValue('https://proxy.example');
  } finally {
    await way.close();
  }
});
