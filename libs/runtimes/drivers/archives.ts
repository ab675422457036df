import { extract, pack } from 'tar-stream';
import type { Readable } from 'node:stream';

/** Names and sizes of the files in a tar. */
export async function namesIn(tar: Readable): Promise<{ name: string; size: number }[]> {
  const found: { name: string; size: number }[] = [];
  for await (const entry of tar.pipe(extract())) {
    if (entry.header.type === 'file') found.push({ name: entry.header.name, size: entry.header.size ?? 0 });
    entry.resume();
  }
  return found;
}

const LOG_LIMIT = 4 * 1024 * 1024;

/** All files of a tar as one text, cut at 4 MiB. */
export async function textIn(tar: Readable): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const entry of tar.pipe(extract()))
    for await (const part of entry) {
      if (size < LOG_LIMIT) parts.push(part as Buffer);
      size += (part as Buffer).length;
    }
  return Buffer.concat(parts).toString('utf8');
}

/** One tar with several folders in it, streamed; a folder that is not there is left out. */
export function mergeFolders(folders: string[], read: (folder: string) => Promise<Readable | undefined>): Readable {
  const merged = pack();
  const copyAll = async (): Promise<void> => {
    for (const folder of folders) await copyInto(merged, await read(folder));
    merged.finalize();
  };
  copyAll().catch((error: Error) => merged.destroy(error));
  return merged as unknown as Readable;
}

async function copyInto(merged: ReturnType<typeof pack>, tar?: Readable): Promise<void> {
  if (!tar) return;
  for await (const entry of tar.pipe(extract())) {
    await new Promise<void>((resolve, reject) => {
      const sink = merged.entry(entry.header, (error) => (error ? reject(error) : resolve()));
      if (sink) entry.pipe(sink);
      else resolve();
    });
  }
}
