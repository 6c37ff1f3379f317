import { createHash } from 'node:crypto';

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** RFC 9562's namespace for URLs: a proxy is named by its address. */
const urlNamespace = '6ba7b811-9dad-11d1-80b4-00c04fd430c8';

/** A version 5 UUID (RFC 9562 §5.5): the same name in the same namespace always gives the same id. */
export function uuidVersion5(namespace: string, name: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name, 'utf8')
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/**
 * Our id for a remote object (design: "LiteLLM", import rules): its own where that is a UUID, else a version 5 UUID of
 * proxy, kind and id, so that every pull finds the same record again.
 */
export function localIdFor(proxyId: string, kind: string, remoteId: string): string {
  if (uuidPattern.test(remoteId)) return remoteId.toLowerCase();
  return uuidVersion5(uuidVersion5(urlNamespace, proxyId), `${kind}:${remoteId}`);
}

export function isUuid(text: string): boolean {
  return uuidPattern.test(text);
}
