import type { TFunction } from 'i18next';
import { modelsMessages } from '../../../shared/messages/models';

const known = modelsMessages.capability;

/** A capability in words. LiteLLM adds new ones at any time: those are spelled as it names them, with a capital. */
export function capabilityLabel(t: TFunction, capability: string): string {
  if (Object.hasOwn(known, capability)) return t(`models.capability.${capability as keyof typeof known}`);
  return `${capability.charAt(0).toUpperCase()}${capability.slice(1)}`.replaceAll('_', ' ');
}
