import {
  freeBytesOf,
  isSupported,
  listeningPorts,
  memoryBytesOf,
  portsBeyondLoopback,
  systemOf,
} from './system-facts.js';

describe('what a server says of itself', () => {
  it('names its system, quoted or not', () => {
    const debian = systemOf('PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n');
    expect(debian).toEqual({ id: 'debian', version: '12', name: 'Debian GNU/Linux 12 (bookworm)' });
    expect(systemOf('')).toEqual({ id: '', version: '', name: '' });
  });

  it.each([
    ['debian', '11', false],
    ['debian', '12', true],
    ['debian', '10', false],
    ['ubuntu', '24.04', true],
    ['ubuntu', '18.04', false],
    ['fedora', '40', false],
    ['debian', '', false],
  ])('%s %s is supported: %s', (id, version, is) => expect(isSupported({ id, version, name: '' })).toBe(is));

  it('tells memory and free bytes, and nothing when it cannot be read', () => {
    expect(memoryBytesOf('MemTotal:       16384 kB\nMemFree: 1 kB')).toBe(16_777_216);
    expect(freeBytesOf('     Avail\n1234567\n')).toBe(1_234_567);
    expect([memoryBytesOf(''), freeBytesOf('df: no such file')]).toEqual([0, 0]);
  });

  it('finds who listens, of both families, and not who is connected', () => {
    const tcp = `  sl  local_address rem_address   st
   0: 00000000:0050 00000000:0000 0A 0
   1: 0100007F:1F90 0100007F:0050 01 0
   0: 00000000000000000000000000000000:01BB 00000000000000000000000000000000:0000 0A 0`;
    expect([...listeningPorts(tcp)]).toEqual([80, 443]);
  });
});

describe('ports beyond the loopback', () => {
  const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue';
  const row = (address: string, state = '0A'): string => `   0: ${address} 00000000:0000 ${state} 00000000:00000000`;
  const LOOPBACKS = [
    '0100007F:1F90',
    '3500007F:1F90',
    '00000000000000000000000001000000:1F90',
    '0000000000000000FFFF00000100007F:1F90',
  ];
  it.each(LOOPBACKS)('%s is none', (address) =>
    expect(portsBeyondLoopback([HEAD, row(address)].join('\n'))).toEqual(new Set()),
  );
  it.each(['00000000:1F90', '0A00D50A:1F90', '00000000000000000000000000000000:1F90'])('%s is one', (address) =>
    expect(portsBeyondLoopback([HEAD, row(LOOPBACKS[0]!), row(address)].join('\n'))).toEqual(new Set([8080])),
  );
  it('is none that nobody listens on', () =>
    expect(portsBeyondLoopback(row('00000000:1F90', '01'))).toEqual(new Set()));
});
