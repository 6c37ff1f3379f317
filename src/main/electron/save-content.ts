import { randomBytes } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { finished } from 'node:stream/promises';
import { AppError } from '../../shared/errors';
import type { FileContent } from '../console';
import { say } from '../kernel/say';

/**
 * Streams a file's content to `path` by way of a file beside it, so that what is there stays whole until the new
 * content is complete, or what there is of it must stay. Only the owner may read it (0600): exports hold people's data.
 * @throws AppError `disk_full` or `validation` (folder not writable); whatever the content's own work throws.
 */
export async function saveContent(content: FileContent, path: string, signal: AbortSignal): Promise<void> {
  const temporaryPath = `${path}.${randomBytes(6).toString('hex')}.part`;
  const stream = createWriteStream(temporaryPath, { flags: 'wx', mode: 0o600 });
  const failed = new AbortController();
  try {
    const work = content.write(stream, AbortSignal.any([signal, failed.signal]));
    await Promise.all([work, finished(stream)]);
    if (content.mustStay?.() !== true) signal.throwIfAborted();
    await rename(temporaryPath, path);
  } catch (error) {
    failed.abort();
    await closed(stream);
    const isKept = content.mustStay?.() === true;
    if (isKept) await keep(temporaryPath, path);
    else await rm(temporaryPath, { force: true }).catch(() => undefined);
    throw explain(error, path, isKept);
  }
}

/**
 * Puts what was written where the person wanted it.
 * @throws AppError `validation` that names the file in which it stands where that cannot be.
 */
async function keep(temporaryPath: string, path: string): Promise<void> {
  try {
    await rename(temporaryPath, path);
  } catch (error) {
    throw new AppError('validation', say('hosts.desktop.notWritable', { name: basename(path) }), {
      hint: say('hosts.desktop.keptBeside', { name: basename(temporaryPath) }),
      cause: error,
    });
  }
}

/** Ends a stream. Where its file is only just being opened it appears afterwards, so that is waited for. */
function closed(stream: WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.closed) resolve();
    else stream.once('close', resolve).destroy();
  });
}

/** A name that every file system takes, from the name that was suggested. */
export function safeFileName(suggested: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what must go
  const name = suggested.replace(/[\u0000-\u001f<>:"/\\|?*]/g, '-').replace(/^\.+/, '');
  return name === '' ? 'export' : name;
}

function explain(error: unknown, path: string, isKept: boolean): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const name = basename(path);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError(
      'disk_full',
      say(isKept ? 'hosts.desktop.diskFullKept' : 'hosts.desktop.diskFull', { name }),
      {
        hint: say('hosts.desktop.diskFullHint'),
        cause: error,
      },
    );
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOENT' || code === 'EISDIR') {
    return new AppError('validation', say('hosts.desktop.notWritable', { name }), {
      hint: say('hosts.desktop.notWritableHint'),
      cause: error,
    });
  }
  return error;
}
