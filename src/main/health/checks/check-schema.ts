import type { HealthFinding } from '../../../shared/contract/health';
import { say } from '../../kernel/say';
import { type CatalogueItem, itemLabel } from '../catalogue/catalogue-item';
import { type CatalogueDifference, compareCatalogues } from '../catalogue/compare-catalogues';
import { describeCatalogue } from '../catalogue/describe-catalogue';
import { type Check, facts, literal } from './check';
import { checkSearch } from './check-search';

/** Compares our schema with what the migrations make. */
export const checkSchema: Check = async (context) => {
  // Half a thousand items: loaded only by whoever looks.
  const { expectedCatalogue } = await import('../catalogue/expected-catalogue');
  const found = await describeCatalogue(context.connection.client);
  const search = await checkSearch(context);
  return {
    findings: [...compareCatalogues(expectedCatalogue, found).map(toFinding), ...search.findings],
  };
};

function toFinding(difference: CatalogueDifference): HealthFinding {
  const item = difference.state === 'extra' ? difference.found : difference.expected;
  const { kind } = item;
  const object = itemLabel(item);
  return {
    id: ['schema', difference.state, kind, object].join(':'),
    severity: severityOf(difference),
    title: say(`health.schema.${difference.state}.${kind}`, { object }),
    meaning: meaningOf(difference),
    object,
    facts: factsOf(difference),
    evidenceSql: evidenceOf(item),
    repair:
      difference.state === 'missing' && kind === 'index'
        ? { kind: 'create_index', schema: item.schema, index: item.name }
        : null,
  };
}

function severityOf(difference: CatalogueDifference): HealthFinding['severity'] {
  if (difference.state === 'missing') {
    const { kind, creation = '' } = difference.expected;
    return kind === 'index' && !creation.startsWith('CREATE UNIQUE') ? 'warning' : 'error';
  }
  if (difference.state === 'changed') {
    const { expected, parts } = difference;
    if (expected.kind === 'index') return 'warning';
    return expected.kind === 'column' && parts.every((part) => part === 'default' || part === 'null')
      ? 'warning'
      : 'error';
  }
  const { kind, parts } = difference.found;
  if (kind === 'column') return refusesInserts(parts) ? 'error' : 'info';
  return kind === 'trigger' || kind === 'constraint' ? 'warning' : 'info';
}

/** A column of somebody's own that every insert of ours would have to fill. */
function refusesInserts(parts: CatalogueItem['parts']): boolean {
  return (
    parts['null'] === 'not allowed' &&
    parts['default'] === undefined &&
    parts['generated'] === undefined &&
    parts['identity'] === undefined
  );
}

function meaningOf(difference: CatalogueDifference): string {
  if (difference.state !== 'extra') {
    const { kind } = difference.expected;
    return say(`health.schema.${difference.state}Meaning.${kind}`);
  }
  const { kind, parts } = difference.found;
  if (kind === 'column') {
    return say(
      refusesInserts(parts) ? 'health.schema.extraMeaning.neededColumn' : 'health.schema.extraMeaning.other',
    );
  }
  return kind === 'trigger' || kind === 'constraint'
    ? say(`health.schema.extraMeaning.${kind}`)
    : say('health.schema.extraMeaning.other');
}

/** Parts of which only a hash is kept. */
const hashed: ReadonlySet<string> = new Set(['source', 'query']);

function factsOf(difference: CatalogueDifference): HealthFinding['facts'] {
  if (difference.state === 'missing') {
    return facts(...partsOf(difference.expected, 'health.schema.expected'));
  }
  if (difference.state === 'extra') return facts(...partsOf(difference.found, 'health.schema.found'));
  const { expected, found } = difference;
  return difference.parts.flatMap((part) =>
    hashed.has(part)
      ? facts([part, say('health.schema.anotherText'), 'text'])
      : facts(
          [
            say('health.schema.expected', { part }),
            expected.parts[part] ?? say('health.schema.none'),
            'code',
          ],
          [say('health.schema.found', { part }), found.parts[part] ?? say('health.schema.none'), 'code'],
        ),
  );
}

function partsOf(
  { parts }: CatalogueItem,
  label: 'health.schema.expected' | 'health.schema.found',
): (readonly [string, string, 'code'])[] {
  return Object.entries(parts)
    .filter(([part]) => !hashed.has(part))
    .map(([part, value]) => [say(label, { part }), value, 'code'] as const);
}

/** A statement that shows the object as it is now. */
function evidenceOf({ kind, schema, relation, name }: CatalogueItem): string {
  const inSchema = literal(schema);
  const named = literal(name);
  const onRelation = `to_regclass(${literal(`${schema}.${relation ?? ''}`)})`;
  const statements: Record<CatalogueItem['kind'], string> = {
    table: `SELECT relname, relkind, relpersistence, relrowsecurity\nFROM pg_class\nWHERE relnamespace = ${inSchema}::regnamespace AND relname = ${named};`,
    enum: `SELECT enumlabel\nFROM pg_enum\nWHERE enumtypid = to_regtype(${literal(`${schema}.${name}`)})\nORDER BY enumsortorder;`,
    column: `SELECT column_name, data_type, is_nullable, column_default\nFROM information_schema.columns\nWHERE table_schema = ${inSchema} AND table_name = ${literal(relation ?? '')} AND column_name = ${named};`,
    constraint: `SELECT conname, pg_get_constraintdef(oid)\nFROM pg_constraint\nWHERE conrelid = ${onRelation} AND conname = ${named};`,
    index: `SELECT indexdef\nFROM pg_indexes\nWHERE schemaname = ${inSchema} AND indexname = ${named};`,
    trigger: `SELECT tgname, tgenabled, pg_get_triggerdef(oid)\nFROM pg_trigger\nWHERE tgrelid = ${onRelation} AND tgname = ${named};`,
    view: `SELECT definition\nFROM pg_views\nWHERE schemaname = ${inSchema} AND viewname = ${named};`,
    function: `SELECT pg_get_functiondef(oid)\nFROM pg_proc\nWHERE pronamespace = ${inSchema}::regnamespace AND proname = ${literal(name.split('(', 1).join(''))};`,
  };
  return statements[kind];
}
