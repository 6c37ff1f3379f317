/** Microseconds since 1970 of a LiteLLM timestamp; one without an offset is UTC. */
export function microsecondsOf(timestamp: string): number {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,6})\d*)?(Z|[+-]\d{2}:\d{2})?$/.exec(
    timestamp,
  );
  if (!match) throw new Error(`Not a LiteLLM timestamp: ${timestamp}`);
  const [, date, time, fraction = '', offset = 'Z'] = match;
  return Date.parse(`${date}T${time}${offset}`) * 1000 + Number(fraction.padEnd(6, '0'));
}

/** A timestamp as LiteLLM writes it: six digits of a second, none when they are zero. */
export function timestampOf(instant: Date): string {
  const text = instant.toISOString();
  return instant.getUTCMilliseconds() === 0 ? text.replace('.000Z', 'Z') : text.replace('Z', '000Z');
}
