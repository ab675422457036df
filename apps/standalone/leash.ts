/** Loaded before a child's own program: when the parent is gone, even killed, the child ends in good order. */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
