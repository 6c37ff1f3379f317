// Loaded into a console's process by the end-to-end tests (`node --import`). Notes every address that the process
// connects to or looks up, and on SIGUSR2 what is in its memory.
import { appendFileSync } from 'node:fs';
import dgram from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { writeHeapSnapshot } from 'node:v8';

const file = process.env.LITEMAAS_WATCH_FILE;

function note(entry) {
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(entry)}\n`);
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...given) {
  // Node's own callers pass the arguments as one list.
  const [first, second] = Array.isArray(given[0]) ? given[0] : given;
  if (typeof first === 'object' && first !== null) {
    note({ address: first.path ?? first.host ?? 'localhost' });
  } else {
    note({ address: typeof first === 'string' ? first : typeof second === 'string' ? second : 'localhost' });
  }
  return connect.apply(this, given);
};

const send = dgram.Socket.prototype.send;
dgram.Socket.prototype.send = function (...given) {
  note({ address: `udp ${String(given.findLast((value) => typeof value === 'string') ?? '')}` });
  return send.apply(this, given);
};

for (const [owner, name] of [
  [dns, 'lookup'],
  [dns, 'resolve'],
  [dns.promises, 'lookup'],
]) {
  const original = owner[name];
  owner[name] = function (host, ...rest) {
    note({ address: host });
    return original.call(this, host, ...rest);
  };
}
syncBuiltinESMExports();

let snapshots = 0;
process.on('SIGUSR2', () => {
  snapshots += 1;
  note({ snapshot: writeHeapSnapshot(`${file}.${snapshots}.heapsnapshot`) });
});
