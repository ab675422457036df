/** The worker of this container has looked for work lately, or the exit code says no. */
import { stat } from 'node:fs/promises';

const YOUNG_MILLISECONDS = 20_000;
const found = await stat(process.env.ALIVE_FILE).catch(() => undefined);
process.exitCode = found && Date.now() - found.mtimeMs < YOUNG_MILLISECONDS ? 0 : 1;
