import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { ConnectionFields } from '../../../src/shared/contract/workspace';
import { ensureOwnerDatabase, localSignIn } from '../../../src/main/local-server/owner-database';
import { CheckedClient } from '../../../src/main/postgres/wire';
import { failure, fields, test } from '../../integration/connect/connecting';
import {
  authentication,
  begun,
  type HostilePostgres,
  int32,
  lying,
  message,
  ready,
  startHostilePostgres,
  texts,
  type Victim,
} from '../../support/faults/hostile-postgres';

/** Whoever answers on the port asks for the password in every way there is; none may get it. */
const password = 'Sesam-öffne-dich-4711';
const salt = Buffer.from([1, 2, 3, 4]);
const servers: HostilePostgres[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function attacked(
  play: (victim: Victim) => Promise<void> | void,
  changes: Partial<ConnectionFields> = {},
): ReturnType<typeof failure> {
  const server = await startHostilePostgres(play);
  servers.push(server);
  const startedAt = performance.now();
  const told = await failure(fields({ port: server.port, ...changes }), password);
  expect(performance.now() - startedAt, 'it ends in time').toBeLessThan(13_000);
  expectNoPassword(server.received());
  return told;
}

/** Neither it, nor anything from which it is found out at once. */
function expectNoPassword(received: Buffer): void {
  const inner = createHash('md5').update(`${password}litemaas`).digest('hex');
  const outer = createHash('md5')
    .update(Buffer.concat([Buffer.from(inner), salt]))
    .digest('hex');
  for (const secret of [password, inner, outer, Buffer.from(password).toString('base64')]) {
    expect(received.includes(secret), secret).toBe(false);
  }
}

const asks =
  (...bytes: Buffer[]) =>
  async (victim: Victim): Promise<void> => {
    await victim.heard();
    victim.send(...bytes);
  };

describe('a server that asks for', () => {
  it.each([
    ['clear text', authentication(3), 'weak_sign_in', /in clear text/],
    ['MD5', authentication(5, salt), 'weak_sign_in', /as MD5/],
    ['Kerberos V5', authentication(2), 'sign_in_unsupported', /Kerberos V5/],
    ['crypt', authentication(4, 'ab'), 'sign_in_unsupported', /crypt/],
    ['SCM credentials', authentication(6), 'sign_in_unsupported', /SCM/],
    ['GSSAPI', authentication(7), 'sign_in_unsupported', /GSSAPI/],
    ['GSSAPI to go on', authentication(8, 'token'), 'sign_in_unsupported', /GSSAPI/],
    ['SSPI', authentication(9), 'sign_in_unsupported', /SSPI/],
    ['code 1', authentication(1), 'sign_in_unsupported', /code 1\b/],
    ['code 99', authentication(99), 'sign_in_unsupported', /code 99/],
    ['code −1', authentication(-1), 'sign_in_unsupported', /code 4294967295/],
    ['OAuth', authentication(10, texts('OAUTHBEARER', '')), 'sign_in_unsupported', /OAuth/],
    ['SCRAM-SHA-1', authentication(10, texts('SCRAM-SHA-1', '')), 'sign_in_unsupported', /SCRAM-SHA-1/],
    [
      'a bound SCRAM without TLS',
      authentication(10, texts('SCRAM-SHA-256-PLUS', '')),
      'sign_in_unsupported',
      /PLUS/,
    ],
    ['no mechanism', authentication(10, texts('')), 'protocol', /AuthenticationSASL/],
    ['mechanisms without an end', authentication(10, 'SCRAM-SHA-256'), 'protocol', /AuthenticationSASL/],
    [
      'a nameless mechanism first',
      authentication(10, texts('', 'SCRAM-SHA-256', '')),
      'protocol',
      /AuthenticationSASL/,
    ],
    ['a flood of mechanisms', authentication(10, texts('X'.repeat(100_000), '')), 'protocol', /length/],
    ['MD5 without salt', authentication(5), 'protocol', /Authentication/],
    ['clear text with a tail', authentication(3, 'abcd'), 'protocol', /Authentication/],
    ['SCRAM’s second step first', authentication(11, 'r=x,s=eA==,i=4096'), 'protocol', /Authentication/],
    ['SCRAM’s last step first', authentication(12, 'v=eA=='), 'protocol', /Authentication/],
    [
      'SCRAM’s steps all at once',
      Buffer.concat([
        authentication(10, texts('SCRAM-SHA-256', '')),
        authentication(11, 'r=x,s=eA==,i=1'),
        authentication(12, 'v=eA=='),
        begun,
      ]),
      'protocol',
      /Authentication/,
    ],
    ['clear text twice', Buffer.concat([authentication(3), authentication(3)]), 'weak_sign_in', /clear text/],
  ])('%s gets no password, and that is said', async (_name, request, reason, said) => {
    expect(await attacked(asks(request))).toMatchObject({
      reason,
      message: expect.stringMatching(said) as string,
    });
  });

  it('clear text or MD5 over TLS that nobody verified is refused as well, and by a false answer to the TLS question', async () => {
    expect(await attacked(asks(Buffer.from('N')), { tlsMode: 'require' })).toMatchObject({
      reason: 'tls_not_offered',
    });
    // A person in the middle puts a request behind the answer, to be taken for encrypted.
    expect(await attacked(asks(Buffer.from('S'), authentication(3)), { tlsMode: 'require' })).toMatchObject({
      message: expect.stringMatching(/before encryption/) as string,
    });
    expect((await attacked(asks(authentication(3)), { tlsMode: 'require' })).code).toBe('db_unreachable');
  });

  it('clear text gets it where the person allowed that for this workspace, and only then', async () => {
    const server = await startHostilePostgres(async (victim) => {
      await victim.heard();
      victim.send(authentication(3));
      await victim.heard();
      victim.hangUp();
    });
    servers.push(server);
    await expect(
      test(fields({ port: server.port, weakSignInAllowed: true }), password),
    ).rejects.toBeDefined();
    expect(server.received().includes(password)).toBe(true);
  });
});

describe('SCRAM with a server that does not know the password', () => {
  const firstMessage = (victim: Victim): Promise<string> =>
    victim.heard().then((bytes) => /r=(.+)$/s.exec(bytes.toString('latin1'))?.[1] ?? '');
  const scram =
    (second: (nonce: string) => string, ...last: Buffer[]) =>
    async (victim: Victim): Promise<void> => {
      await victim.heard();
      victim.send(authentication(10, texts('SCRAM-SHA-256', '')));
      victim.send(authentication(11, second(await firstMessage(victim))));
      await victim.heard();
      victim.send(...last);
    };
  const good = (nonce: string): string => `r=${nonce}server,s=c2FsdA==,i=4096`;

  it.each([
    ['another nonce', () => 'r=somethingelse,s=c2FsdA==,i=4096', 'no_proof', /nonce/],
    ['no salt', (nonce: string) => `r=${nonce}x,i=4096`, 'no_proof', /./],
    ['a salt that is none', (nonce: string) => `r=${nonce}x,s=!!!,i=4096`, 'no_proof', /salt/],
    ['no iterations', (nonce: string) => `r=${nonce}x,s=c2FsdA==,i=0`, 'no_proof', /iteration/],
    [
      'a million iterations and one',
      (nonce: string) => `r=${nonce}x,s=c2FsdA==,i=1000001`,
      'no_proof',
      /iteration/,
    ],
    ['2^31 iterations', (nonce: string) => `r=${nonce}x,s=c2FsdA==,i=2147483648`, 'no_proof', /iteration/],
    [
      'more iterations than a number holds',
      (nonce: string) => `r=${nonce}x,s=c2FsdA==,i=${'9'.repeat(400)}`,
      'no_proof',
      /iteration/,
    ],
    ['nothing', () => '', 'no_proof', /./],
    [
      'a nonce without end',
      (nonce: string) => `r=${nonce}${'x'.repeat(20_000)},s=c2FsdA==,i=1`,
      'protocol',
      /length/,
    ],
  ])('that answers with %s is not signed in to', async (_name, second, reason, said) => {
    const startedAt = performance.now();
    expect(await attacked(scram(second))).toMatchObject({
      reason,
      message: expect.stringMatching(said) as string,
    });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it('is not believed with a wrong signature, although it goes on as if all were well', async () => {
    const signature = Buffer.alloc(32, 7).toString('base64');
    expect(await attacked(scram(good, authentication(12, `v=${signature}`), begun))).toMatchObject({
      code: 'db_auth',
      reason: 'no_proof',
      message: expect.stringMatching(/could not prove/) as string,
    });
  });

  it('is not believed without its proof', async () => {
    expect(await attacked(scram(good, begun))).toMatchObject({ code: 'db_auth', reason: 'no_proof' });
    const early = async (victim: Victim): Promise<void> => {
      await victim.heard();
      victim.send(authentication(10, texts('SCRAM-SHA-256', '')));
      await victim.heard();
      victim.send(begun);
    };
    expect(await attacked(early)).toMatchObject({ code: 'db_auth', reason: 'no_proof' });
  });

  it('is refused where the workspace requires channel binding, whatever it offers instead', async () => {
    const bound = { channelBinding: 'require' } as const;
    for (const request of [
      authentication(10, texts('SCRAM-SHA-256', '')),
      authentication(3),
      authentication(5, salt),
      begun,
    ]) {
      expect(await attacked(asks(request), bound)).toMatchObject({
        code: 'db_auth',
        reason: 'channel_binding',
      });
    }
  });
});

describe('another program on the local database’s port', () => {
  it.each([
    ['clear text', authentication(3)],
    ['MD5', authentication(5, salt)],
    ['nothing at all', begun],
  ])('asks for %s and is not taken for it', async (_name, request) => {
    const server = await startHostilePostgres(asks(request));
    servers.push(server);
    const client = new CheckedClient({
      ...{ host: '127.0.0.1', port: server.port, user: 'litemaas', database: 'litemaas', password },
      signIn: localSignIn,
    });
    await expect(client.connect()).rejects.toMatchObject({
      code: 'db_auth',
      details: { reason: 'not_the_local_server' },
    });
    expectNoPassword(server.received());
  });

  it('is told nothing when the server of the folder does not run', async () => {
    const server = await startHostilePostgres(asks(begun));
    servers.push(server);
    const credentials = { ownerPassword: password, superuserPassword: password };
    await expect(ensureOwnerDatabase('/nonexistent', server.port, credentials)).rejects.toMatchObject({
      code: 'local_server',
      details: { reason: 'not_the_local_server' },
    });
    expect(server.received()).toHaveLength(0);
  });
});

describe('a server that, in place of signing in,', () => {
  it.each([
    ['says garbage', Buffer.from('\u0001\u0002\u0003 garbage without any sense at all')],
    ['speaks of a giant message', lying('R', 0x7fff_ffff)],
    ['gives a negative length', lying('R', -5)],
    ['gives a length of nothing', lying('R', 0)],
    ['answers with rows', message('D', Buffer.from([0, 1]), int32(-1))],
    ['sends an error without end', lying('E', 40, Buffer.from('SFATAL\0Mnever ends, for ever and ever...'))],
    ['says that it is ready', ready],
    ['negotiates another protocol', message('v', int32(196_610), int32(0))],
    ['gives its key before it signed in', message('K', int32(1), int32(1))],
    [
      'gives a parameter that is cut short',
      Buffer.concat([authentication(0), message('S', Buffer.from('TimeZone'))]),
    ],
    ['gives a long key', Buffer.concat([authentication(0), message('K', int32(1), Buffer.alloc(32))])],
    ['is ready in an unknown state', Buffer.concat([authentication(0), message('Z', Buffer.from('X'))])],
    ['asks for the password after it signed in', Buffer.concat([authentication(0), authentication(3)])],
    [
      'describes rows before the session begins',
      Buffer.concat([authentication(0), message('T', Buffer.from([0, 0]))]),
    ],
  ])('%s', async (_name, bytes) => {
    const told = await attacked(asks(bytes));
    expect(['protocol', 'not_postgres']).toContain(told.reason);
    expect(told.message).not.toMatch(/undefined|\[object/);
  });

  it('says nothing, hangs up, or hangs up within a message', async () => {
    expect((await attacked(asks(Buffer.from('R')))).code).toBe('db_unreachable');
    const leaves = async (victim: Victim): Promise<void> => {
      await victim.heard();
      victim.send(Buffer.from('R\0\0'));
      victim.hangUp();
    };
    expect((await attacked(leaves)).code).toBe('db_unreachable');
  });

  it.each([
    ['parameters', message('S', texts('a', 'b'.repeat(1000)))],
    ['notices', message('N', Buffer.from('SNOTICE\0Mhello\0\0'))],
    ['nothing but zeroes', Buffer.alloc(1000)],
  ])('goes on with %s for ever', async (_name, bytes) => {
    const told = await attacked(async (victim) => {
      await victim.heard();
      victim.send(authentication(0));
      victim.flood(bytes);
    });
    // On a busy machine it is asked who it is before it has said too much.
    expect(['protocol', 'not_postgres']).toContain(told.reason);
  });
});
