import type { Command } from 'commander';
import type { Desa, Kabupaten } from '#libs/contract/contract.js';
import type { Leaf, Options, Session } from '../session.js';
import { card, dotted } from '../table.js';

export function addSubscription(root: Command, leaf: Leaf): void {
  const subscription = root.command('subscription').description('until when premium releases may be taken');
  leaf(subscription, 'set', 'write down when it ends, of a desa or for all desa of a kabupaten', set)
    .argument('<code>', 'of a desa or of a kabupaten')
    .argument('<end>', 'YYYY-MM, YYYY-MM-DD, or none');
}

const KABUPATEN_DIGITS = 4;

async function set(session: Session, _: Options, code: string, end: string): Promise<void> {
  const bare = code.replaceAll('.', '');
  const wish = { subscriptionEnd: end === 'none' ? null : end };
  const isKabupaten = bare.length <= KABUPATEN_DIGITS;
  const path = `/${isKabupaten ? 'kabupaten' : 'desa'}/${encodeURIComponent(bare)}`;
  const changed = await session.client.patch<Kabupaten | Desa>(path, wish);
  session.print(changed, () =>
    card([
      [session.t('kode', 'code'), dotted(changed.code)],
      [session.t('nama', 'name'), changed.name],
      [session.t('langganan', 'subscription'), subscriptionOf(session, changed)],
    ]),
  );
}

/** Its last day, and whose it is. */
export function subscriptionOf({ t }: Pick<Session, 't'>, of: Kabupaten | Desa): string | null {
  if ('subscriptionEndsOn' in of) return of.subscriptionEndsOn;
  if (!of.subscription) return null;
  const { endsOn, isOwn } = of.subscription;
  return isOwn ? endsOn : `${endsOn} (${t('dari kabupaten', 'of the kabupaten')})`;
}
