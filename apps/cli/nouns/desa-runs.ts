import type { Command } from 'commander';
import type { Run } from '#libs/contract/contract.js';
import { carry } from '../carry.js';
import { ownProblem, Refused } from '../client.js';
import type { Exit } from '../exit-codes.js';
import type { Leaf, Options, Session } from '../session.js';
import { dotted } from '../table.js';
import { nounOf } from './noun.js';

const SENT = ['app', 'version', 'server', 'gabungan', 'isolation'];

export function addDesaRuns(root: Command, leaf: Leaf): void {
  const desa = nounOf(root, 'desa');
  const ask = (verb: string, description: string): Command =>
    leaf(desa, verb, description, (session, options, code) => start(session, options, verb, code!))
      .argument('<code>')
      .option('--app <app>', 'application (opensid when not given)')
      .option('--dry-run', 'show what would be done, change nothing')
      .option('--follow', 'stay until it has ended');
  ask('install', 'install an application for a desa')
    .option('--version <version>', 'release (the version of the gabungan when not given)')
    .option('--server <name>', 'the one with the most room when not given')
    .option('--label <labels>', 'labels, separated by commas, that the server must bear')
    .option('--gabungan <name>')
    .option('--isolation <isolation>', 'shared or own');
  ask('update', 'bring a desa to another release').requiredOption('--version <version>', 'release');
  ask('move', 'move a desa to another server; it serves but for a short maintenance page')
    .option('--server <name>', 'the one with the most room when not given')
    .option('--label <labels>', 'labels, separated by commas, that the server must bear');
  ask('settle', 'after a move: let the old server forget the desa before its day is over');
  ask('remove', 'remove an application of a desa, after a backup').option(
    '--confirm <code>',
    'the code of the desa, typed again',
  );
}

async function start(session: Session, options: Options, verb: string, code: string): Promise<Exit> {
  const wish: Record<string, unknown> = { dryRun: options['dryRun'] === true };
  for (const name of SENT) if (options[name] !== undefined) wish[name] = options[name];
  const bare = code.replaceAll('.', '');
  if (options['label'] !== undefined) wish['labels'] = String(options['label']).split(',');
  if (verb === 'remove') wish['confirm'] = await confirmation(session, options, bare);
  return carry(session, await session.client.post<Run>(`/desa/${encodeURIComponent(bare)}/${verb}`, wish), options);
}

/** Nobody loses a desa by a slip: its code is typed a second time. A plan removes nothing. */
async function confirmation({ terminal, t, language }: Session, options: Options, code: string): Promise<string> {
  if (options['dryRun'] === true) return code;
  if (typeof options['confirm'] === 'string') return options['confirm'].replaceAll('.', '');
  if (!terminal.isInteractive)
    throw new Refused(ownProblem('confirm-differs', { typed: null, code: dotted(code) }, language));
  const typed = await terminal.ask(
    t(`Ketik kode desa ${dotted(code)} untuk menghapus: `, `Type the code ${dotted(code)} to remove it: `),
    false,
  );
  return typed.trim().replaceAll('.', '');
}
