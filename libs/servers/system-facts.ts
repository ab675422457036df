/** What a server's own files say, read as text; pure. */
export interface System {
  /** `debian`, `ubuntu`, … */
  id: string;
  version: string;
  /** As people say it. */
  name: string;
}

/** Of `/etc/os-release`. */
export function systemOf(text: string): System {
  const fields = new Map(
    text.split('\n').flatMap((line) => {
      const [, key, value] = /^([A-Z_]+)=(.*)$/.exec(line.trim()) ?? [];
      return key ? [[key, (value ?? '').replace(/^["']|["']$/g, '')] as const] : [];
    }),
  );
  const id = fields.get('ID') ?? '';
  return { id, version: fields.get('VERSION_ID') ?? '', name: fields.get('PRETTY_NAME') ?? id };
}

/** The oldest whose kernel has what the gateway is started with (Linux 5.14); their `docker.io` is 20.10 or newer. */
const OLDEST: Readonly<Record<string, number>> = { debian: 12, ubuntu: 22.04 };

export const isSupported = ({ id, version }: System): boolean => Number(version) >= (OLDEST[id] ?? Infinity);

/** Bytes of `MemTotal` in `/proc/meminfo`; 0 when it does not say. */
export const memoryBytesOf = (text: string): number => Number(/^MemTotal:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024;

/** Last line of `df --output=avail --block-size=1`; 0 when it does not say. */
export const freeBytesOf = (text: string): number => Number(/(\d+)\s*$/.exec(text)?.[1] ?? 0);

const LISTENS = '0A';

/** Ports on which something listens, of `/proc/net/tcp` and `/proc/net/tcp6`. */
export const listeningPorts = (text: string): Set<number> => new Set(listening(text).map(({ port }) => port));

/** Those of them that are open to more than the machine itself. */
export const portsBeyondLoopback = (text: string): Set<number> =>
  new Set(listening(text).flatMap(({ address, port }) => (isLoopback(address) ? [] : [port])));

/** As the kernel writes them, four bytes at a time from the last to the first: 127.x, ::1 and ::ffff:127.x. */
const isLoopback = (address: string): boolean =>
  /^(0{16}FFFF0000)?[0-9A-F]{6}7F$/.test(address) || address === '00000000000000000000000001000000';

function listening(text: string): { address: string; port: number }[] {
  const rows = text.split('\n').map((line) => line.trim().split(/\s+/));
  const open = rows.filter(([, , , state]) => state === LISTENS);
  return open.map(([, local = '']) => {
    const [address = '', port = ''] = local.split(':');
    return { address, port: Number.parseInt(port, 16) };
  });
}
