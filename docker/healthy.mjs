/** The api of this container answers, or the exit code says no. */
const answer = await fetch(`http://127.0.0.1:${process.env.PORT}/healthz`, {
  signal: globalThis.AbortSignal.timeout(2500),
}).catch(() => undefined);
process.exitCode = answer?.ok ? 0 : 1;
