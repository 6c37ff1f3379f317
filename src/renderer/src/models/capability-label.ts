import type { TFunction } from 'i18next';
import { modelsMessages } from '../../../shared/messages/models';

const known = modelsMessages.capability;

/** A capability in words. LiteLLM adds new ones at any time: those are spelled as it names them. */
export function capabilityLabel(t: TFunction, capability: string): string {
  return Object.hasOwn(known, capability)
    ? t(`models.capability.${capability as keyof typeof known}`)
    : capability.replaceAll('_', ' ');
}
