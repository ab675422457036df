import { Duplex } from 'node:stream';
import type { ClientChannel } from 'ssh2';

/**
 * A channel as a socket. The library's own channel cannot carry an error, never ends a write that comes too late, and
 * looks the same whether the far end finished or the connection broke: a cut dump would look like a whole one.
 */
export function socketOf(channel: ClientChannel): Duplex {
  let isOver = false;
  const socket = new Duplex({
    read: () => void channel.resume(),
    write(part: Buffer, encoding, done) {
      if (isOver) return done(Object.assign(new Error('the far end has closed'), { code: 'EPIPE' }));
      channel.write(part, encoding, done);
    },
    final(done) {
      channel.end();
      done();
    },
    destroy(error, done) {
      channel.destroy();
      done(error);
    },
  });
  channel.on('data', (part: Buffer) => void (socket.push(part) || channel.pause()));
  channel.on('error', (error: Error) => socket.destroy(error));
  channel.on('end', () => void (socket.destroyed || socket.push(null)));
  channel.on('close', () => {
    isOver = true;
    // One that waits in a pool is read by nobody: it must be seen to be gone, but nothing unread is thrown away.
    setImmediate(() => socket.readableLength === 0 && socket.destroy());
    socket.on('end', () => socket.destroy());
  });
  // Whoever reads hears it; a pool that keeps an idle one has nobody listening.
  socket.on('error', () => undefined);
  return asSocket(socket);
}

/** Drivers and http agents ask sockets for these. */
const asSocket = (socket: Duplex): Duplex =>
  Object.assign(socket, {
    setNoDelay: () => socket,
    setKeepAlive: () => socket,
    setTimeout: () => socket,
    ref: () => socket,
    unref: () => socket,
  });
