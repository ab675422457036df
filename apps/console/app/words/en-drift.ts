import type { driftWords as indonesian } from './id-drift.js';

export const driftWords: Record<keyof typeof indonesian, string> = {
  'drift.all.begun': '{{amount}} repairs were begun.',
  'drift.all.do': 'Repair all ({{amount}})',
  'drift.byPerson': 'wants a person',
  'drift.everyServer': 'Every server',
  'drift.gone': 'gone {{time}}',
  'drift.history': 'What is gone ({{amount}})',
  'drift.lookFailed': 'the last look failed: {{code}}',
  'drift.lookedAt': 'looked at {{time}}, every minute',
  'drift.looks': 'Looks',
  'drift.none': 'None. Every server, container and site is as recorded.',
  'drift.notYet': 'not looked at yet',
  'drift.open': 'Other than recorded',
  'drift.policy': 'Repair by itself',
  'drift.policy.hint':
    'What is repaired by itself is recorded in the name of the clock. What comes back three times a day is left to a person.',
  'drift.policy.none': 'Nothing: a person decides',
  'drift.policy.safe': 'What is safe: start what stands still, place what is missing, routes',
  'drift.policy.what': 'May be repaired without a person',
  'drift.repair': 'Repair',
  'drift.repair.begun': 'The repair was begun.',
  'drift.repair.do': 'Begin the repair',
  'drift.repair.of': 'repair {{state}}, by {{who}}',
  'drift.since': 'since {{time}}',
  'drift.titleOf': 'Drift on {{server}}',
  'nav.drift': 'Drift',
};
