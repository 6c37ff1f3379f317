import type { ChangeFinding } from '../../../shared/contract/changes';
import { isDecimal, shiftDecimal } from '../../../shared/decimal';
import { say } from '../../kernel/say';
import type { Connection } from '../../postgres/database';
import { linkedProxy } from '../../workspace/console-settings';
import { type Prices, readPricesNow } from '../known-prices';
import { findingAbout, general } from '../model-use-findings';
import { modelsOfLitellm } from '../owned-by-litellm';
import { perMillion, signedDifference } from '../price-findings';
import type { NamesOfModels } from './preview-replace';
import { readOtherKeys, type ReplacedKeys } from './replaced-keys';
import { reasonsToStay, type ReplacedSubscriptions } from './replaced-subscriptions';

interface Replacement {
  readonly modelId: string;
  readonly byModelId: string;
  readonly names: NamesOfModels;
  readonly replaced: ReplacedSubscriptions;
  readonly keys: ReplacedKeys;
  /** Whose subscriptions are replaced. */
  readonly userIds: readonly string[];
}

/** What replacing a model means for people, keys and prices, and what stays as it is. */
export async function replaceFindings(
  connection: Connection,
  { modelId, byModelId, names, replaced, keys, userIds }: Replacement,
): Promise<ChangeFinding[]> {
  const { opening, having, staying } = replaced;
  const suspended = opening.filter(({ status }) => status === 'suspended');
  const ofKeys = [...keys.parts.values()].reduce((sum, parts) => sum + parts.length, 0);
  const others = await readOtherKeys(connection, modelId, userIds);
  return [
    ...(await unknownThere(connection, byModelId, names)),
    await pricesFinding(connection, modelId, byModelId, names),
    ...(opening.length > 0 ? [info(say('changes.models.replace.opens', { count: opening.length }))] : []),
    ...findingAbout('info', say('changes.models.replace.opensSuspended'), suspended),
    ...findingAbout(
      'info',
      say('changes.models.replace.hasBoth'),
      having.map(({ held }) => held),
    ).map(ofSubscriptions),
    ...reasonsToStay.flatMap((reason): ChangeFinding[] => {
      const those = staying.get(reason);
      if (those === undefined) return [];
      const severity = reason === 'inactive' || reason === 'expired' ? 'info' : 'warning';
      return [ofSubscriptions({ severity, text: say(`changes.models.replace.stays.${reason}`), ...those })];
    }),
    ...(ofKeys > 0 ? [info(say('changes.models.replace.keys', { count: ofKeys }))] : []),
    ...(keys.ofAll > 0 ? [info(say('changes.models.replace.keysOfAll', { count: keys.ofAll }))] : []),
    ...(others.count > 0
      ? [
          {
            ...{ severity: 'warning' as const, text: say('changes.models.replace.otherKeys') },
            ...others,
            area: 'api-keys' as const,
          },
        ]
      : []),
    info(say('changes.models.replace.usageStays')),
  ];
}

const info = (text: string): ChangeFinding => ({ ...general, severity: 'info', text });

const ofSubscriptions = (finding: ChangeFinding): ChangeFinding => ({ ...finding, area: 'subscriptions' });

/** LiteLLM refuses a key that names what it does not have. */
async function unknownThere(
  connection: Connection,
  byModelId: string,
  { to }: NamesOfModels,
): Promise<ChangeFinding[]> {
  if ((await linkedProxy(connection)) === null) return [];
  if ((await modelsOfLitellm(connection, [byModelId])).has(byModelId)) return [];
  return [
    { ...general, severity: 'warning', text: say('changes.models.replace.notInLitellm', { name: to }) },
  ];
}

const noPrices: Prices = { inputPricePerToken: null, outputPricePerToken: null };

/** What either costs per million tokens, and the difference. */
async function pricesFinding(
  connection: Connection,
  modelId: string,
  byModelId: string,
  names: NamesOfModels,
): Promise<ChangeFinding> {
  const before = (await readPricesNow(connection, modelId)) ?? noPrices;
  const after = (await readPricesNow(connection, byModelId)) ?? noPrices;
  return info(
    say('changes.models.replace.prices', {
      ...names,
      input: perMillion(before.inputPricePerToken),
      output: perMillion(before.outputPricePerToken),
      newInput: withDifference(before.inputPricePerToken, after.inputPricePerToken),
      newOutput: withDifference(before.outputPricePerToken, after.outputPricePerToken),
    }),
  );
}

function withDifference(before: string | null, after: string | null): string {
  const price = perMillion(after);
  if (before === null || after === null || !isDecimal(before) || !isDecimal(after)) return price;
  return `${price} (${signedDifference(shiftDecimal(before, 6), shiftDecimal(after, 6))})`;
}
