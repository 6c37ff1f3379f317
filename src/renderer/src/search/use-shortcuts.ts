import { useEffect, useRef } from 'react';
import { type CommandContext, possibleCommands } from './commands';
import { keyName, nextStep, sequencePauseMs } from './shortcut-keys';
import { areSingleKeysOn } from './single-keys';

/** Where single keys mean what they say: fields, and what has keys of its own. */
const ownKeys =
  'input, textarea, select, [contenteditable]:not([contenteditable="false"]), [role="dialog"], [role="menu"], [role="listbox"]';

/** Runs commands by their keys, from anywhere in the console. */
export function useShortcuts(context: CommandContext): void {
  const latest = useRef(context);
  useEffect(() => {
    latest.current = context;
  });
  useEffect(() => {
    let waiting: readonly string[] = [];
    let pressedAt = 0;
    const press = (event: KeyboardEvent): void => {
      const key = keyName(event);
      if (key === null || event.defaultPrevented || event.isComposing || event.repeat) return;
      const isSingle = !key.startsWith('mod+');
      const isOnOwnKeys = event.target instanceof Element && event.target.closest(ownKeys) !== null;
      if (isSingle && (!areSingleKeysOn() || isOnOwnKeys)) return;
      if (event.timeStamp - pressedAt > sequencePauseMs) waiting = [];
      pressedAt = event.timeStamp;
      const step = nextStep(possibleCommands(latest.current), waiting, key);
      ({ waiting } = step);
      if (step.command === null && waiting.length === 0) return;
      event.preventDefault();
      step.command?.run(latest.current);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
