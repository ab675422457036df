import type { moveWords as indonesian } from './id-moves.js';

export const moveWords: Record<keyof typeof indonesian, string> = {
  'action.run.move': 'asked for a move',
  'action.run.settle': 'ended the keeping of an old place',
  'step.check-image': 'Check the release image on the new server',
  'step.check-move': 'Check the move',
  'step.close-site': 'Show the maintenance page',
  'step.copy-folder': 'Copy the folder while the desa serves',
  'step.copy-rest': 'Copy what changed and compare every file',
  'step.end-forward': 'Pass no visitors on any more',
  'step.forward-route': 'Pass visitors on to the new server',
  'step.hold-route': 'Prepare the address on the new server',
  'step.open-site': 'Open the site on the new server',
  'step.prove-move': 'Prove it on the way of a visitor',
  'step.quiet-site': 'Stop all writing',
  'step.record-move': 'Record the new server',
  'step.record-settled': 'Record that the old place is empty',
  'step.remove-old-folder': 'Remove the folder on the old server',
  'verb.move': 'Move',
  'verb.settle': 'Clear the old place',
};
