import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../shared/errors';
import { parseConnectionUri } from './connection-uri';

const target = (changes: object): object => ({
  host: 'db.example.org',
  port: 5432,
  socketFolder: null,
  database: 'litemaas',
  user: 'ana',
  tlsMode: 'verify-full',
  caFile: null,
  clientCertificateFile: null,
  clientKeyFile: null,
  channelBinding: 'prefer',
  weakSignInAllowed: false,
  ...changes,
});

function refusal(uri: string): AppError {
  try {
    parseConnectionUri(uri);
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error(`${uri} was not refused`);
}

describe('a PostgreSQL connection URI', () => {
  it.each([
    ['postgresql://ana@db.example.org/litemaas', target({}), null],
    ['postgres://ana@db.example.org/litemaas', target({}), null],
    ['  POSTGRES://ana@db.example.org/litemaas\n', target({}), null],
    ['postgresql://ana:secret@db.example.org:6543/litemaas', target({ port: 6543 }), 'secret'],
    ['postgresql://ana:@db.example.org/litemaas', target({}), null],
    ['postgresql://ana@db.example.org', target({ database: 'ana' }), null],
    ['postgresql://ana@db.example.org/', target({ database: 'ana' }), null],
    ['postgresql://ana@/litemaas', target({ host: 'localhost', tlsMode: 'disable' }), null],
    ['postgresql://ana@127.0.0.1/litemaas', target({ host: '127.0.0.1', tlsMode: 'disable' }), null],
    ['postgresql://ana@127.example.org/litemaas', target({ host: '127.example.org' }), null],
    ['postgresql://ana@localhost.example.org/litemaas', target({ host: 'localhost.example.org' }), null],
    ['postgresql://ana@bücher.example/litemaas', target({ host: 'bücher.example' }), null],
    // Percent-encoding, in every part.
    [
      'postgresql://a%40b:p%3A%2F%3F%23%40%25w@db.example.org/my%2Fdata',
      target({ user: 'a@b', database: 'my/data' }),
      'p:/?#@%w',
    ],
    ['postgresql://ana:a:b@db.example.org/litemaas', target({}), 'a:b'],
    ['postgresql://ana:p%C3%A4ss%20w@db.example.org/%E6%95%B0', target({ database: '数' }), 'päss w'],
    ['postgresql://ana:a+b@db.example.org/litemaas', target({}), 'a+b'],
    // IPv6.
    ['postgresql://ana@[::1]/litemaas', target({ host: '::1', tlsMode: 'disable' }), null],
    ['postgresql://ana@[2001:db8::7]:6543/litemaas', target({ host: '2001:db8::7', port: 6543 }), null],
    ['postgresql://ana@[fe80::1%25eth0]/litemaas', target({ host: 'fe80::1%eth0' }), null],
    // Sockets.
    [
      'postgresql://ana@/litemaas?host=/var/run/postgresql',
      target({ host: null, socketFolder: '/var/run/postgresql', tlsMode: 'disable' }),
      null,
    ],
    [
      'postgresql://ana@%2Fvar%2Frun%2Fpostgresql:5433/litemaas',
      target({ host: null, socketFolder: '/var/run/postgresql', port: 5433, tlsMode: 'disable' }),
      null,
    ],
    // Parameters instead of parts.
    [
      'postgresql:///?host=db.example.org&port=5433&user=ana&password=p%26w&dbname=litemaas',
      target({ port: 5433 }),
      'p&w',
    ],
    ['postgresql://ana@db.example.org:5432/litemaas?port=5432&user=ana', target({}), null],
    // TLS.
    ['postgresql://ana@db.example.org/litemaas?sslmode=disable', target({ tlsMode: 'disable' }), null],
    ['postgresql://ana@db.example.org/litemaas?sslmode=require', target({ tlsMode: 'require' }), null],
    [
      'postgresql://ana@db.example.org/litemaas?sslmode=verify-ca&sslrootcert=/etc/ssl/my%20ca.pem',
      target({ tlsMode: 'verify-ca', caFile: '/etc/ssl/my ca.pem' }),
      null,
    ],
    ['postgresql://ana@db.example.org/litemaas?sslrootcert=system', target({}), null],
    [
      // Neon's.
      'postgresql://ana:npg_x@ep-x.us-east-1.aws.neon.tech/neondb?sslmode=require&channel_binding=require',
      target({
        host: 'ep-x.us-east-1.aws.neon.tech',
        database: 'neondb',
        tlsMode: 'require',
        channelBinding: 'require',
      }),
      'npg_x',
    ],
    ['postgresql://ana@localhost/litemaas?sslmode=verify-full', target({ host: 'localhost' }), null],
  ])('%s', (uri, expected, password) => {
    expect(parseConnectionUri(uri)).toEqual({ target: expected, password, ignored: [] });
  });

  it('says which parameters it understood and does not need', () => {
    const { ignored } = parseConnectionUri(
      'postgresql://ana@h/d?application_name=x&connect_timeout=10&sslmode=require&channel_binding=prefer',
    );
    expect(ignored).toEqual(['application_name', 'connect_timeout']);
  });

  it.each([
    ['mysql://ana@h/d', /not a PostgreSQL connection URI/],
    ['ana@h/d', /not a PostgreSQL connection URI/],
    ['host=h user=ana', /not a PostgreSQL connection URI/],
    ['', /not a PostgreSQL connection URI/],
    ['postgresql://h/d', /names no user/],
    ['postgresql://:pw@h/d', /names no user/],
    ['postgresql://ana@h/my data', /space or a line break/],
    ['postgresql://ana:p@ss@h/d', /contains @/],
    ['postgresql://ana:p/ss@h/d', /contains \/ or \?/],
    ['postgresql://ana:p?ss@h/d', /contains \/ or \?/],
    ['postgresql://ana:p#ss@h/d', /contains #/],
    ['postgresql://ana:100%@h/d', /password contains a % that is not followed/],
    ['postgresql://ana:%ff@h/d', /password contains a %/],
    ['postgresql://ana:a%00b@h/d', /password contains a control character/],
    ['postgresql://ana@h/d%0A', /database name contains a control character/],
    ['postgresql://ana@h/a/b', /database name contains \//],
    ['postgresql://ana@h1,h2/d', /several hosts/],
    ['postgresql://ana@h:5432,h2:5433/d', /several hosts/],
    ['postgresql://ana@::1/d', /host with its port can’t be read/],
    ['postgresql://ana@[::g]/d', /“::g” is not an IPv6 address/],
    ['postgresql://ana@[::1/d', /host with its port can’t be read/],
    ['postgresql://ana@[::1]5432/d', /host with its port can’t be read/],
    ['postgresql://ana@h:0/d', /port is not a number/],
    ['postgresql://ana@h:65536/d', /port is not a number/],
    ['postgresql://ana@h:54x2/d', /port is not a number/],
    ['postgresql://ana@h:-1/d', /port is not a number/],
    ['postgresql://ana@h%24/d', /“h\$” is not a host name/],
    ['postgresql://ana@h/d?sslrootcert=ca.pem', /not an absolute path/],
    ['postgresql://ana@h/d?sslmode', /not of the form name=value/],
    ['postgresql://ana@h/d?port=5433&port=5434', /“port” is given twice/],
    ['postgresql://ana@h:1/d?port=2', /two different values for the port/],
    ['postgresql://ana@h/d?host=/tmp', /two different values for the host/],
    ['postgresql://ana:a@h/d?password=b', /two different values for the password/],
    ['postgresql://ana@h/d?sslmode=prefer', /sslmode=prefer is not used here: it goes without encryption/],
    ['postgresql://ana@h/d?sslmode=allow', /sslmode=allow is not used here/],
    ['postgresql://ana@h/d?sslmode=no-verify', /write sslmode=require/],
    ['postgresql://ana@h/d?ssl=true', /“ssl” is not supported: write sslmode=require/],
    ['postgresql://ana@localhost/d?channel_binding=require', /channel binding without TLS/],
    ['postgresql://ana@h/d?sslmode=disable&channel_binding=require', /channel binding without TLS/],
    ['postgresql://ana@h/d?channel_binding=always', /“always” is not a channel_binding/],
    [
      'postgresql://ana@h/d?sslcrl=/a&sslpassword=b',
      /“sslcrl” is not supported.*“sslpassword” is not supported/,
    ],
    ['postgresql://ana@h/d?sslkey=key.pem', /sslkey is “key.pem”, which is not an absolute path/],
    ['postgresql://ana@h/d?options=-csearch_path%3Dx', /“options” is not supported/],
    ['postgresql://ana@h/d?target_session_attrs=read-write', /“target_session_attrs” is not supported/],
    ['postgresql://ana@h/d?pgbouncer=true&schema=public', /“pgbouncer” is not known.*“schema” is not known/],
    ['postgresql://ana@h/d?sslmod=disable', /“sslmod” is not known; did you mean “sslmode”\?/],
    ['postgresql://ana@h/d?constructor=1', /“constructor” is not known/],
  ])('%s is refused', (uri, message) => {
    const error = refusal(uri);
    expect(error.code).toBe('validation');
    expect(error.message).toMatch(message);
  });

  it.each([
    ['requrie', 'require'],
    ['verify_full', 'verify-full'],
    ['verifyfull', 'verify-full'],
    ['REQUIRE', 'require'],
    ['disabled', 'disable'],
    ['verify-cas', 'verify-ca'],
  ])('with sslmode=%s is refused and asks whether %s was meant', (typed, meant) => {
    const error = refusal(`postgresql://ana@h/d?sslmode=${typed}`);
    expect(error.message).toBe(`“${typed}” is not an sslmode.`);
    expect(error.hint).toBe(`Did you mean sslmode=${meant}?`);
  });

  it('with an sslmode like nothing known is refused with the list', () => {
    expect(refusal('postgresql://ana@h/d?sslmode=on').hint).toBe(
      'Use one of disable, require, verify-ca, verify-full.',
    );
  });

  it('is read back exactly as it was put together, whatever the parts contain', () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((each) => !/\p{Cc}/u.test(each) && each.isWellFormed());
    fc.assert(
      fc.property(text, text, text, fc.integer({ min: 1, max: 65_535 }), (user, password, database, port) => {
        const [u, p, d] = [user, password, database].map(encodeURIComponent);
        const parsed = parseConnectionUri(
          `postgresql://${u ?? ''}:${p ?? ''}@h.example:${String(port)}/${d ?? ''}`,
        );
        expect(parsed).toMatchObject({ password, target: { user, database, port, host: 'h.example' } });
      }),
    );
  });

  it('never repeats the password in a refusal', () => {
    const password = 'Tr0ub4dor';
    for (const rest of [
      '@h:0/d',
      '@h/d?sslmod=x',
      '@@h/d',
      '/@h/d',
      '@h/d?password=other',
      '%@h/d',
      '@h1,h2/d',
      '@[x]/d',
      '#@h/d',
      '/d',
      ':5432/d',
    ]) {
      const error = refusal(`postgresql://ana:${password}${rest}`);
      expect(JSON.stringify(error.toEnvelope()), rest).not.toContain(password);
    }
  });
});
