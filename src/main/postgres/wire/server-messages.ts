import { wireError } from './wire-error';

/** What a server may send (PostgreSQL documentation, "Message Formats"), by its first byte. */
export const kinds = {
  authentication: 0x52,
  backendKeyData: 0x4b,
  bindComplete: 0x32,
  closeComplete: 0x33,
  commandComplete: 0x43,
  copyData: 0x64,
  copyDone: 0x63,
  copyIn: 0x47,
  copyOut: 0x48,
  dataRow: 0x44,
  emptyQuery: 0x49,
  error: 0x45,
  noData: 0x6e,
  notice: 0x4e,
  notification: 0x41,
  parameterDescription: 0x74,
  parameterStatus: 0x53,
  parseComplete: 0x31,
  portalSuspended: 0x73,
  readyForQuery: 0x5a,
  rowDescription: 0x54,
} as const;

interface Shape {
  /** As the protocol calls it. */
  readonly name: string;
  /** Least and most bytes, its length field among them. */
  readonly bytes: readonly [least: number, most: number];
  /** Whether the body, from `at` to `end`, is what the protocol says. */
  readonly isWhole?: (bytes: Buffer, at: number, end: number) => boolean;
}

const kilobyte = 1024;
const megabyte = 1024 * kilobyte;
/** A row or a piece of COPY. pg makes texts of values, and a text longer than 512 MB can't be made. */
const mostRowBytes = 256 * megabyte;

const bare: Shape['bytes'] = [4, 4];
const shapes: Readonly<Record<number, Shape>> = {
  [kinds.authentication]: { name: 'Authentication', bytes: [8, 16 * kilobyte] },
  [kinds.backendKeyData]: { name: 'BackendKeyData', bytes: [12, 12] },
  [kinds.bindComplete]: { name: 'BindComplete', bytes: bare },
  [kinds.closeComplete]: { name: 'CloseComplete', bytes: bare },
  [kinds.commandComplete]: {
    name: 'CommandComplete',
    bytes: [5, kilobyte],
    isWhole: (bytes, at, end) => isText(bytes, at, end, 1),
  },
  [kinds.copyData]: { name: 'CopyData', bytes: [4, mostRowBytes] },
  [kinds.copyDone]: { name: 'CopyDone', bytes: bare },
  [kinds.copyIn]: { name: 'CopyInResponse', bytes: [7, 128 * kilobyte], isWhole: isCopyResponse },
  [kinds.copyOut]: { name: 'CopyOutResponse', bytes: [7, 128 * kilobyte], isWhole: isCopyResponse },
  [kinds.dataRow]: { name: 'DataRow', bytes: [6, mostRowBytes] },
  [kinds.emptyQuery]: { name: 'EmptyQueryResponse', bytes: bare },
  [kinds.error]: { name: 'ErrorResponse', bytes: [5, 16 * megabyte], isWhole: isFieldList },
  [kinds.noData]: { name: 'NoData', bytes: bare },
  [kinds.notice]: { name: 'NoticeResponse', bytes: [5, 16 * megabyte], isWhole: isFieldList },
  [kinds.notification]: {
    name: 'NotificationResponse',
    bytes: [10, 64 * kilobyte],
    isWhole: (bytes, at, end) => isText(bytes, at + 4, end, 2),
  },
  [kinds.parameterDescription]: {
    name: 'ParameterDescription',
    bytes: [6, 512 * kilobyte],
    isWhole: (bytes, at, end) => end === at + 2 + 4 * bytes.readUInt16BE(at),
  },
  [kinds.parameterStatus]: {
    name: 'ParameterStatus',
    bytes: [6, 64 * kilobyte],
    isWhole: (bytes, at, end) => isText(bytes, at, end, 2),
  },
  [kinds.parseComplete]: { name: 'ParseComplete', bytes: bare },
  [kinds.portalSuspended]: { name: 'PortalSuspended', bytes: bare },
  [kinds.readyForQuery]: {
    name: 'ReadyForQuery',
    bytes: [5, 5],
    isWhole: (bytes, at) => 'ITE'.includes(String.fromCharCode(bytes.readUInt8(at))),
  },
  [kinds.rowDescription]: { name: 'RowDescription', bytes: [6, megabyte], isWhole: isRowDescription },
};

/** The shape of a message, known by its first byte. Throws `db_server` for one that no server sends. */
export function shapeOf(kind: number): Shape {
  const shape = shapes[kind];
  if (shape !== undefined) return shape;
  const letter = kind > 0x20 && kind < 0x7f ? String.fromCharCode(kind) : `0x${kind.toString(16)}`;
  throw wireError('unknownKind', { letter });
}

/** Exactly so many texts, each ended by a NUL. */
function isText(bytes: Buffer, at: number, end: number, count: number): boolean {
  let place = at;
  for (let text = 0; text < count; text += 1) {
    const nul = bytes.indexOf(0, place);
    if (nul === -1 || nul >= end) return false;
    place = nul + 1;
  }
  return place === end;
}

/** Fields of one letter and a text each, ended by a NUL. pg would read on for ever where that is missing. */
function isFieldList(bytes: Buffer, at: number, end: number): boolean {
  let place = at;
  while (place < end && bytes.readUInt8(place) !== 0) {
    const nul = bytes.indexOf(0, place + 1);
    if (nul === -1 || nul >= end) return false;
    place = nul + 1;
  }
  return place === end - 1;
}

function isCopyResponse(bytes: Buffer, at: number, end: number): boolean {
  return bytes.readUInt8(at) <= 1 && end === at + 3 + 2 * bytes.readUInt16BE(at + 1);
}

const fieldBytesAfterName = 18;

function isRowDescription(bytes: Buffer, at: number, end: number): boolean {
  const count = bytes.readInt16BE(at);
  let place = at + 2;
  for (let column = 0; column < count; column += 1) {
    const nul = bytes.indexOf(0, place);
    if (nul === -1 || nul + 1 + fieldBytesAfterName > end) return false;
    place = nul + 1 + fieldBytesAfterName;
    if (bytes.readUInt16BE(place - 2) > 1) return false;
  }
  return count >= 0 && place === end;
}
