import { describe, expect, it } from 'vitest';
import { connectionFields } from '../../../shared/contract/workspace';
import {
  defaultTlsMode,
  emptyValues,
  fromConnection,
  isOtherConnection,
  isOtherTarget,
  isThisMachine,
  passwordOfUri,
  passwordTarget,
  toConnection,
  toPassword,
  toSettings,
  type ConnectionValues,
} from './connection-values';

const values = (changes: Partial<ConnectionValues>): ConnectionValues => ({ ...emptyValues(), ...changes });
const remote = values({ host: 'db.example.com', database: 'litemaas', user: 'reader' });

describe('what the form sends', () => {
  it('is verified unless the server is on this machine', () => {
    for (const host of ['localhost', '127.0.0.1', '127.8.0.1', '::1', ' LOCALHOST ']) {
      expect(isThisMachine(host)).toBe(true);
      expect(defaultTlsMode(host)).toBe('disable');
    }
    for (const host of ['', 'db', 'localhost.example.com', '127.example.com', '10.0.0.1']) {
      expect(defaultTlsMode(host)).toBe('verify-full');
    }
  });

  it('is what the contract takes', () => {
    expect(connectionFields.parse(toConnection(remote))).toEqual({
      host: 'db.example.com',
      port: 5432,
      socketFolder: null,
      database: 'litemaas',
      user: 'reader',
      tlsMode: 'verify-full',
      caFile: null,
      clientCertificateFile: null,
      clientKeyFile: null,
      channelBinding: 'prefer',
      weakSignInAllowed: false,
    });
  });

  it('leaves out what a socket and an unencrypted connection have no use for', () => {
    const files = { caFile: '/ca.pem', clientCertificateFile: '/me.pem', clientKeyFile: '/me.key' };
    expect(toConnection({ ...remote, ...files, way: 'socket', socketFolder: '/run/postgresql' })).toEqual({
      ...toConnection(remote),
      host: null,
      socketFolder: '/run/postgresql',
      tlsMode: 'disable',
    });
    expect(toConnection({ ...remote, ...files, tlsMode: 'require' })).toMatchObject({
      caFile: null,
      clientCertificateFile: '/me.pem',
      clientKeyFile: '/me.key',
    });
  });

  it('allows weak sign-in only where nobody verifies the server', () => {
    const weak = { ...remote, weakSignInAllowed: true, channelBinding: 'require' } as const;
    expect(toConnection(weak)).toMatchObject({ weakSignInAllowed: false, channelBinding: 'require' });
    expect(toConnection({ ...weak, tlsMode: 'require' }).weakSignInAllowed).toBe(true);
    expect(toConnection({ ...weak, tlsMode: 'disable' })).toMatchObject({
      weakSignInAllowed: true,
      channelBinding: 'prefer',
    });
  });

  it('takes no port that is not a whole number', () => {
    for (const port of ['', ' ', '5432x', '1e3', '-1', '0', '65536', '54.32']) {
      expect(connectionFields.safeParse(toConnection({ ...remote, port })).success, port).toBe(false);
    }
    expect(toConnection({ ...remote, port: ' 5433 ' }).port).toBe(5433);
  });

  it('prefers the typed password over the one in the URI, and sends neither when there is none', () => {
    const uri = 'postgresql://reader:one@db.example.com/litemaas';
    const pasted = { ...remote, uri, uriTarget: passwordTarget(toConnection(remote)) };
    expect(toPassword(pasted)).toEqual({ uri });
    expect(toPassword({ ...pasted, password: 'two' })).toEqual({ password: 'two' });
    expect(toPassword(remote)).toEqual({});
  });

  it('gives the password of the URI to no other server and no other user', () => {
    const uri = 'postgresql://reader:one@db.example.com/litemaas';
    const pasted = { ...remote, uri, uriTarget: passwordTarget(toConnection(remote)) };
    expect(passwordOfUri(remote)).toBe('none');
    expect(passwordOfUri({ ...pasted, database: 'another', tlsMode: 'require' })).toBe('used');
    for (const change of [{ host: 'evil.example.com' }, { port: '5433' }, { user: 'owner' }]) {
      expect(passwordOfUri({ ...pasted, ...change })).toBe('elsewhere');
      expect(toPassword({ ...pasted, ...change })).toEqual({});
    }
  });

  it('is named by its place where no name was typed', () => {
    expect(toSettings(remote, 'litemaas on db').name).toBe('litemaas on db');
    expect(toSettings({ ...remote, name: 'Mine' }, 'litemaas on db').name).toBe('Mine');
    expect(toSettings(remote, 'x'.repeat(200)).name).toHaveLength(80);
  });
});

describe('what is known of a server', () => {
  it('fills the form and comes back unchanged', () => {
    for (const connection of [
      toConnection(remote),
      toConnection({ ...remote, way: 'socket', socketFolder: '/tmp' }),
      toConnection({ ...remote, tlsMode: 'require', channelBinding: 'require', weakSignInAllowed: true }),
      toConnection({ ...remote, tlsMode: 'verify-ca', caFile: '/ca.pem', clientKeyFile: '/k' }),
    ]) {
      expect(toConnection({ ...emptyValues(), ...fromConnection(connection) })).toEqual(connection);
    }
  });

  it('leaves alone what is not known, and reaches a found host as its place suggests', () => {
    const filled = { ...remote, ...fromConnection({ host: '127.0.0.1', port: 5433 }) };
    expect(filled).toMatchObject({
      host: '127.0.0.1',
      port: '5433',
      database: 'litemaas',
      tlsMode: 'disable',
    });
    expect(fromConnection({ user: 'somebody' })).toEqual({ user: 'somebody' });
  });

  it('lets a mode that is usual for one host go with it, and keeps one that was chosen', () => {
    const local = { host: 'localhost', tlsMode: 'disable' } as const;
    expect(fromConnection(local).tlsModeChosen).toBe(false);
    expect(fromConnection({ ...local, tlsMode: 'verify-ca' }).tlsModeChosen).toBe(true);
    expect(fromConnection({ ...local, host: 'db.example.com' }).tlsModeChosen).toBe(true);
  });

  it('asks for the password again for another target only', () => {
    const before = toConnection(remote);
    expect(isOtherTarget(before, { ...before, user: 'owner' })).toBe(true);
    expect(isOtherTarget(before, { ...before, tlsMode: 'require' })).toBe(false);
    expect(isOtherConnection(before, { ...before, tlsMode: 'require' })).toBe(true);
    expect(isOtherConnection(before, { ...before })).toBe(false);
  });
});
