import { dotted } from '#libs/catalog/kode-desa.js';
import type { GabunganView } from '#libs/contract/contract.js';
import { InvalidInput } from '#libs/core/errors.js';
import type { StartRun } from '#libs/runs/insert-run.js';
import type { Settings } from './settings.js';
import type { Asker } from './who.js';

/** A run on a whole gabungan, of the application that lives in it. */
export function gabunganWork(
  who: Asker,
  { apps }: Pick<Settings, 'apps'>,
  { id, name, kabupatenId }: GabunganView,
  { verb, input }: { verb: string; input: Record<string, unknown> },
): StartRun {
  const app = [...apps.values()].find(({ database }) => database === 'gabungan')?.app;
  const subject = { subjectKind: 'gabungan' as const, subjectId: id, subjectLabel: name, kabupatenId };
  return { verb, ...subject, app, input, askedBy: who.username };
}

/** What cannot be taken back is confirmed by typing the code of the kabupaten, with or without dots. */
export function assertTyped(confirm: string, code: string): void {
  if (confirm.replaceAll('.', '') !== code)
    throw new InvalidInput('restore-confirm-differs', { typed: confirm, code: dotted(code) });
}
