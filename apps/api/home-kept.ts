import type { DataSource } from 'typeorm';
import { within, type Scope } from '#libs/auth/scope.js';
import type { Home } from '#libs/contract/contract.js';
import { hostForOthers } from '#libs/servers/ssh-address.js';
import type { Language } from './language.js';

interface Row {
  code: string;
  name: string;
  domain: string;
  server: string;
  address: string;
  httpAddress: string;
}

const SAY: Record<Language, (name: string, domain: string, to: string) => string> = {
  id: (name, domain, to) => `${name} sudah pindah: arahkan DNS ${domain} ke ${to}`,
  en: (name, domain, to) => `${name} has moved: point the DNS record of ${domain} to ${to}`,
};

/** A desa that has moved waits for whoever keeps its DNS, as long as its old server passes visitors on. */
export async function keptPlaces(db: DataSource, scope: Scope, language: Language): Promise<Home['waiting']> {
  const rows = (await db.query(
    `SELECT d.code, d.name, d.domain, s.name AS server, s.address, s.http_address AS "httpAddress"
     FROM move m JOIN installation i ON i.id = m.installation_id JOIN desa d ON d.id = i.desa_id JOIN server s ON s.id = m.to_server_id
     WHERE ($1::uuid[] IS NULL OR m.kabupaten_id = ANY($1)) AND m.switched_at IS NOT NULL AND m.settled_at IS NULL
     ORDER BY m.kept_until LIMIT 50`,
    [within(scope)],
  )) as Row[];
  return rows.map((row) => ({
    kind: 'dns',
    text: SAY[language](row.name, row.domain, hostForOthers(row) ?? row.server),
    link: `/desa/${row.code}`,
  }));
}
