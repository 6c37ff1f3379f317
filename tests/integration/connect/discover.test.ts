import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discoverServers } from '../../../src/main/workspace/discover/discover-servers';
import { listeningPorts, parseSocketTable } from '../../../src/main/workspace/discover/listening-ports';

let folder: string;
const servers: Server[] = [];
/** How often anything was connected to. */
let connections = 0;

async function listen(where: { port: number; host: string } | { path: string }): Promise<boolean> {
  const server = createServer(() => (connections += 1));
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(where, () => {
      servers.push(server);
      resolve(true);
    });
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'litemaas-discover-'));
  mkdirSync(join(folder, 'sockets'));
  await listen({ path: join(folder, 'sockets', '.s.PGSQL.6001') });
  writeFileSync(join(folder, 'sockets', '.s.PGSQL.6002'), 'no socket');
  writeFileSync(
    join(folder, '.pgpass'),
    'db.example.org:6432:*:ana:verschwiegen\n*:*:*:*:verschwiegen-too\n',
  );
  chmodSync(join(folder, '.pgpass'), 0o600);
  writeFileSync(
    join(folder, '.pg_service.conf'),
    '[production]\nhost=db.example.org\nport=6432\ndbname=litemaas\nuser=ana\nsslmode=verify-full\npassword=verschwiegen-service\n',
  );
});
afterAll(async () => {
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const discover = (environment: Record<string, string> = {}) =>
  discoverServers({ environment, homeFolder: folder, platform: process.platform, userName: 'ana' });

describe('what is there already', () => {
  it('is found in ports, sockets, environment, password file and services, and nothing is connected to', async () => {
    // Which of the usual ports is free here is the machine's matter.
    let port = 5440;
    while (!(await listen({ port, host: '127.0.0.1' }))) port -= 1;
    const { found, lookedAt } = await discover({
      PGHOST: join(folder, 'sockets'),
      PGPORT: '6001',
      PGDATABASE: 'litemaas',
      PGPASSWORD: 'verschwiegen-environment',
      PGSERVICE: 'production',
    });
    const bySource = (source: string) => found.filter((server) => server.source === source);
    expect(bySource('port').map(({ fields }) => fields.port)).toContain(port);
    expect(bySource('socket')).toContainEqual({
      source: 'socket',
      label: `A server’s socket in ${join(folder, 'sockets')}, port 6001`,
      fields: { host: null, socketFolder: join(folder, 'sockets'), port: 6001, tlsMode: 'disable' },
      passwordKnown: true,
    });
    expect(bySource('socket').map(({ fields }) => fields.port)).not.toContain(6002);
    expect(bySource('environment')).toMatchObject([
      {
        fields: {
          host: null,
          socketFolder: join(folder, 'sockets'),
          port: 6001,
          database: 'litemaas',
          user: 'ana',
        },
        passwordKnown: true,
      },
    ]);
    expect(bySource('service')).toMatchObject([
      {
        label: expect.stringContaining('which PGSERVICE names') as string,
        fields: {
          host: 'db.example.org',
          port: 6432,
          database: 'litemaas',
          user: 'ana',
          tlsMode: 'verify-full',
        },
        passwordKnown: true,
      },
    ]);
    expect(bySource('passfile')).toMatchObject([
      { fields: { host: 'db.example.org', port: 6432, user: 'ana' }, passwordKnown: true },
    ]);
    expect(lookedAt).toContain(join(folder, '.pgpass'));
    expect(JSON.stringify({ found, lookedAt })).not.toContain('verschwiegen');
    expect(connections).toBe(0);
  });

  it('is told by a port that cannot be taken, on systems that list none', async () => {
    const tried = await listeningPorts('darwin');
    expect(tried).toContain((servers.at(-1)?.address() as { port: number }).port);
    expect(connections).toBe(0);
  });

  it('is nothing where nothing is set', async () => {
    const { found } = await discoverServers({
      environment: { PGPASSWORD: 'verschwiegen' },
      homeFolder: '/nonexistent',
      platform: process.platform,
      userName: 'ana',
    });
    expect(found.filter(({ source }) => source !== 'port' && source !== 'socket')).toEqual([]);
  });
});

it('Linux’ table of sockets tells who listens where this machine can reach it', () => {
  const header = '  sl  local_address rem_address   st tx_queue';
  const line = (address: string, port: number, state = '0A') =>
    `   0: ${address}:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 ${state} 00000000:00000000`;
  const table = [
    header,
    line('0100007F', 5432),
    line('00000000', 5433),
    line('0A01A8C0', 5434),
    line('0100007F', 5435, '01'),
    line('00000000000000000000000001000000', 5436),
    line('0000000000000000FFFF00000100007F', 5437),
  ].join('\n');
  expect(parseSocketTable(table)).toEqual([5432, 5433, 5436, 5437]);
});
