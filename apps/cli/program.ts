import { Command, CommanderError, Option } from 'commander';
import { EXIT, type Exit } from './exit-codes.js';
import { addCatalog } from './nouns/catalog.js';
import { addDesa } from './nouns/desa.js';
import { addDesaRuns } from './nouns/desa-runs.js';
import { addDrift } from './nouns/drift.js';
import { addGabungan } from './nouns/gabungan.js';
import { addHold } from './nouns/hold.js';
import { addHttps } from './nouns/https.js';
import { addLogin } from './nouns/login.js';
import { addPolicy } from './nouns/policy.js';
import { addRelease } from './nouns/release.js';
import { addRollout } from './nouns/rollout.js';
import { addRun } from './nouns/run.js';
import { addPlaces } from './nouns/place.js';
import { addServer } from './nouns/server.js';
import { addSubscription } from './nouns/subscription.js';
import { addToken } from './nouns/token.js';
import { addUser } from './nouns/user.js';
import { acts, type Leaf, type Outcome } from './session.js';
import type { Terminal } from './terminal.js';

/** Runs the command with argv (without node and file) and answers the exit code. */
export async function siappakai(argv: readonly string[], terminal: Terminal): Promise<Exit> {
  const outcome: Outcome = { exit: EXIT.done };
  try {
    await program(terminal, outcome).parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  }
  return outcome.exit;
}

const NOUNS = [
  ...[addLogin, addCatalog, addServer, addHttps, addPlaces, addGabungan, addRelease, addDesa, addDesaRuns, addRun],
  ...[addRollout, addHold, addPolicy, addSubscription, addDrift, addUser, addToken],
];

function program(terminal: Terminal, outcome: Outcome): Command {
  const root = new Command('siappakai')
    .description('Dasbor SiapPakai: installs and updates village software for every desa')
    .option('--json', 'print the answer as JSON')
    .addOption(new Option('--lang <language>', 'language of the answers').choices(['id', 'en']))
    .addHelpText(
      'after',
      `\nExit codes: ${Object.entries(EXIT)
        .map(([name, code]) => `${code} ${name}`)
        .join(', ')}`,
    );
  const output = {
    writeOut: (text: string) => terminal.out(text.trimEnd()),
    writeErr: (text: string) => terminal.error(text.trimEnd()),
  };
  root.exitOverride().configureOutput(output);
  const leaf: Leaf = (noun, verb, description, act) =>
    acts(noun.command(verb).description(description), terminal, outcome, act);
  for (const add of NOUNS) add(root, leaf);
  return root;
}
