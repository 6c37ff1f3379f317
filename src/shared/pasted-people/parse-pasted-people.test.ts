import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEmailAddress } from '../typed-names';
import { maxPastedPeople, parsePastedPeople } from './parse-pasted-people';

const people = (text: string): string[] =>
  parsePastedPeople(text).people.map(({ email, fullName }) =>
    fullName === null ? email : `${fullName} <${email}>`,
  );
const problems = (text: string): string[] =>
  parsePastedPeople(text).problems.map(({ line, text: shown, reason }) => `${line} ${reason}: ${shown}`);

const ana = 'ana@example.org';
const bea = 'bea@example.org';

describe('addresses and nothing else', () => {
  it.each([
    ['lines', `${ana}\n${bea}`],
    ['lines of Windows', `${ana}\r\n${bea}\r\n`],
    ['lines of an old Mac', `${ana}\r${bea}`],
    ['Unicode line ends', `${ana}\u2028${bea}\u2029`],
    ['commas', `${ana},${bea}`],
    ['commas and spaces', `${ana}, ${bea},`],
    ['semicolons', `; ${ana};; ${bea};`],
    ['tabs', `\t${ana}\t${bea}`],
    ['spaces', `  ${ana}   ${bea}  `],
    ['non-breaking spaces', `\u00A0${ana}\u00A0\u202F${bea}\u3000`],
    ['full-width signs', `${ana}，${bea}；`],
    ['angle brackets', `<${ana}> <${bea}>`],
    ['angle brackets alone', `<${ana}><${bea}>`],
    ['quotes', `"${ana}", '${bea}'`],
    ['mailto', `mailto:${ana}, MAILTO:${bea}?subject=Hi`],
    ['a link in Markdown', `[${ana}](mailto:${ana}), (mailto:${bea})`],
    ['sentences', `Cc: ${ana}, ${bea}.`],
    ['a list with signs', `- ${ana}\n* ${bea}`],
    ['a list with numbers', `1. ${ana}\n2) ${bea}`],
    ['empty lines', `\n\n${ana}\n \t \n${bea}\n\n`],
    ['brackets that are never closed', `<${ana}\n(${bea}\n`],
    ['zero-width signs', `\uFEFFan\u200Ba@example.org\n${bea}\u200D\u2060`],
    ['control signs', `${ana}\u0000\u0007${bea}`],
    ['its own address as a name', `${ana} <${ana}>; "${bea}" <${bea}>`],
  ])('%s', (_name, text) => {
    expect(people(text)).toEqual([ana, bea]);
    expect(problems(text)).toEqual([]);
  });

  it('reads an address that a link spells with signs', () => {
    expect(people('<mailto:ana%2Btest@example.org>')).toEqual(['ana+test@example.org']);
    expect(problems('mailto:ana%ZZ@example.org')).toEqual([]);
    expect(people('mailto:ana%ZZ@example.org')).toEqual(['ana%ZZ@example.org']);
  });
});

describe('names', () => {
  it.each([
    ['Ana Lopez <ana@example.org>', 'Ana Lopez <ana@example.org>'],
    ['"Lopez, Ana" <ana@example.org>', 'Lopez, Ana <ana@example.org>'],
    ['Lopez, Ana <ana@example.org>', 'Lopez, Ana <ana@example.org>'],
    [`'Ana Lopez' <ana@example.org>`, 'Ana Lopez <ana@example.org>'],
    ['Ana  "Anita"   Lopez <ana@example.org>', 'Ana Anita Lopez <ana@example.org>'],
    ['Ana (Sales) <ana@example.org>', 'Ana (Sales) <ana@example.org>'],
    ['ana@example.org (Ana Lopez)', 'Ana Lopez <ana@example.org>'],
    ['Ana Lopez ana@example.org', 'Ana Lopez <ana@example.org>'],
    ['Ana Lopez\tana@example.org', 'Ana Lopez <ana@example.org>'],
    ['1;Ana;Lopez;ana@example.org', 'Ana Lopez <ana@example.org>'],
    ['To: Ana Lopez <ana@example.org>', 'Ana Lopez <ana@example.org>'],
    ['Zoe\u0308 \u200BO’Neil <zoe@example.org>', 'Zoë O’Neil <zoe@example.org>'],
  ])('%s', (text, person) => {
    expect(people(text)).toEqual([person]);
    expect(problems(text)).toEqual([]);
  });

  it('divides people whose names hold what divides people', () => {
    const text = '"Lopez, Ana" <ana@example.org>, Marsh, Bea <bea@example.org>; Cleo <cleo@example.org>';
    expect(people(text)).toEqual([
      'Lopez, Ana <ana@example.org>',
      'Marsh, Bea <bea@example.org>',
      'Cleo <cleo@example.org>',
    ]);
    expect(problems(text)).toEqual([]);
  });
});

describe('tables with a heading', () => {
  it.each([
    ['commas', 'Name,E-mail,Department\nAna Lopez,ana@example.org,Sales'],
    [
      'semicolons and quotes',
      '"E-Mail-Adresse";"Department";"Full name"\r\n"ana@example.org";"a ""b""; c";"Ana Lopez"',
    ],
    ['tabs, first column empty', '\tEMAIL\tfull_name\tDepartment\n\tana@example.org\tAna Lopez\t'],
    ['two names', 'Department;First name;Last name;email address\nx;Ana;Lopez;Ana <ana@example.org>'],
    ['what Excel puts above', 'sep=;\nDepartment;display name;mail\nx;Ana Lopez;<mailto:ana@example.org>'],
    ['a cell over two lines', 'name,department,email\nAna Lopez,"Sales\nNorth",ana@example.org'],
  ])('%s', (_name, text) => {
    expect(people(text)).toEqual(['Ana Lopez <ana@example.org>']);
    expect(problems(text)).toEqual([]);
    expect(parsePastedPeople(text).unusedColumns.map((column) => column.toLowerCase())).toEqual([
      'department',
    ]);
  });

  it('takes username and id, and an empty cell for nothing said', () => {
    const text = 'username,email,full_name,oauth_id\nana,ana@example.org,,u-1\n,bea@example.org,Bea,\n,,,\n';
    expect(parsePastedPeople(text)).toEqual({
      people: [
        { line: 2, email: ana, username: 'ana', fullName: null, oauthId: 'u-1', values: {}, teams: [] },
        {
          line: 3,
          email: bea,
          username: null,
          fullName: 'Bea',
          oauthId: null,
          values: { fullName: 'Bea' },
          teams: [],
        },
      ],
      problems: [],
      unusedColumns: [],
      isCut: false,
    });
  });

  it('names the rows that say nobody, and goes on after a quote that is never closed', () => {
    expect(problems('name,email\nAna,\nBea,"bea@example.org\nCleo,cleo@example.org')).toEqual([
      '2 notAnAddress: Ana,',
      '3 openQuote: Bea,"bea@example.org',
    ]);
    expect(people('name,email\nBea,"bea@example.org\nCleo,cleo@example.org')).toEqual([
      'Cleo <cleo@example.org>',
    ]);
  });

  it('takes the names of teams, several of them divided, and none of an empty cell', () => {
    const text =
      'email;team\nana@example.org;Research, North\nbea@example.org;"Ops | Infra; Ops"\ncy@example.org;';
    expect(parsePastedPeople(text).people.map(({ teams }) => teams)).toEqual([
      ['Research, North'],
      ['Ops', 'Infra'],
      [],
    ]);
    expect(parsePastedPeople(text).unusedColumns).toEqual([]);
  });

  it('reads a column of addresses alone', () => {
    expect(people('E-mail\nana@example.org\nbea@example.org')).toEqual([ana, bea]);
  });
});

describe('what is no address', () => {
  it('is answered with its line, and hides nobody else', () => {
    const text = [
      'ana@example.org',
      'nobody',
      'bea@@example.org, bea@example.org; x@y',
      'ana@example.org Ana',
      'a b@c d@example.org',
      '',
      'x@1.2.3.44, x.@example.org, x..y@example.org, x@-a.org, x@a-.org',
      `${'x'.repeat(65)}@example.org`,
      `Z <${'é.'.repeat(200)}@example.org>`,
    ].join('\n');
    expect(people(text)).toEqual([ana, bea, 'd@example.org']);
    expect(problems(text)).toEqual([
      '2 notAnAddress: nobody',
      '3 badAddress: bea@@example.org',
      '3 badAddress: x@y',
      '4 duplicate: ana@example.org',
      '4 notAnAddress: Ana',
      '5 badAddress: b@c',
      '7 badAddress: x@1.2.3.44',
      '7 badAddress: x.@example.org',
      '7 badAddress: x..y@example.org',
      '7 badAddress: x@-a.org',
      '7 badAddress: x@a-.org',
      `8 badAddress: ${'x'.repeat(65)}@example.org`,
      `9 tooLong: ${'é.'.repeat(40)}…`,
    ]);
  });

  it('is a name that is too long', () => {
    expect(problems(`${'Ana '.repeat(70)}<ana@example.org>`)).toEqual(['1 tooLong: ana@example.org']);
  });
});

describe('who is the same', () => {
  it('is an address in another case, composed otherwise, or with signs that nobody sees', () => {
    const text = 'zoë@example.org\nZoe\u0308@Example.org\nz\u200Boë@example.org';
    expect(people(text)).toEqual(['zoë@example.org']);
    expect(problems(text)).toEqual(['2 duplicate: Zoë@Example.org', '3 duplicate: zoë@example.org']);
  });

  it('is nobody whose letters only look alike', () => {
    expect(people('otto@example.org\n\u043Etto@example.org')).toEqual([
      'otto@example.org',
      'оtto@example.org',
    ]);
  });
});

describe('bounds', () => {
  const many = (count: number, divider: string): string =>
    Array.from({ length: count }, (_, index) => `p${index}@example.org`).join(divider);

  it('reads a thousand, in lines or in one, and says that there were more', () => {
    expect(parsePastedPeople(many(1_000, '\n'))).toMatchObject({ isCut: false, problems: [] });
    for (const divider of ['\n', ', ']) {
      const read = parsePastedPeople(many(1_001, divider));
      expect(read.people).toHaveLength(maxPastedPeople);
      expect(read.isCut).toBe(true);
    }
    expect(parsePastedPeople(`ana@example.org\n${' '.repeat(300_001)}`).isCut).toBe(true);
  });

  it.each([
    '<',
    '"',
    '(',
    '@',
    '[',
    ',',
    '.',
    "'",
    ' ',
    '\t',
    'a@',
    '<a@b',
    '""',
    '"\n',
    'mailto:',
    '\u0308',
  ])(
    'stays quick with 300,000 signs of %j',
    (sign) => {
      const begun = process.cpuUsage();
      for (const head of ['', 'name,email\n']) {
        parsePastedPeople(head + sign.repeat(300_000 / sign.length));
      }
      const { user, system } = process.cpuUsage(begun);
      // Some hundred milliseconds; what looks at each sign for each sign takes minutes.
      expect((user + system) / 1e6).toBeLessThan(20);
    },
    120_000,
  );
});

it('answers only addresses, each once, and never more than there are at signs', () => {
  const pieces = fc.constantFrom(
    ...[
      'a',
      'é',
      '@',
      '.',
      ',',
      ';',
      ' ',
      '\n',
      '\t',
      '"',
      '<',
      '>',
      '(',
      ')',
      'x.org',
      'ana@x.org',
      'email\n',
    ],
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
      const text = parts.join('');
      const { people: found } = parsePastedPeople(text);
      const keys = found.map(({ email }) => email.toLowerCase());
      expect(found.every(({ email }) => isEmailAddress(email))).toBe(true);
      expect(new Set(keys).size).toBe(keys.length);
      expect(found.length).toBeLessThanOrEqual(text.split('@').length - 1);
    }),
  );
});

describe('what a table says besides', () => {
  const said = (text: string) => parsePastedPeople(text).people.map(({ values }) => values);

  it('is nothing where a cell is empty or a column is not there, and a word where it is none', () => {
    const rows = [
      'email;full_name;max_budget;TPM limit;rpm;roles',
      `${ana};;;;;`,
      `${bea};(none);unlimited;Unlimited;0;admin, user`,
      'cy@example.org;Cy;12.5;;60;',
      'dora@example.org',
    ];
    expect(said(rows.join('\n'))).toEqual([
      {},
      { fullName: null, maxBudget: null, tpmLimit: null, rpmLimit: '0', roles: ['admin', 'user'] },
      { fullName: 'Cy', maxBudget: '12.5', rpmLimit: '60' },
      {},
    ]);
    expect(said(`Ana <${ana}>`)).toEqual([{}]);
  });

  it.each(['12,5', '-1', '1e3', 'none', 'NULL', '$5'])('is no limit: %s', (cell) => {
    expect(problems(`email;max_budget\n${ana};${cell}\n${bea};5`)).toEqual([`2 badValue: ${ana};${cell}`]);
    expect(people(`email;max_budget\n${ana};${cell}\n${bea};5`)).toEqual([bea]);
  });

  it('is not what somebody works as', () => {
    const read = parsePastedPeople(`email,Role\n${ana},Team Lead`);
    expect(read.people.map(({ values }) => values)).toEqual([{}]);
    expect(read.unusedColumns).toEqual(['Role']);
  });

  it('is no role that no column holds', () => {
    expect(problems(`email;roles\n${ana};${'r'.repeat(51)}`)).toHaveLength(1);
  });
});
