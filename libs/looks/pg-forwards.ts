import type { DataSource } from 'typeorm';
import * as names from '#libs/catalog/names.js';
import type { KeyRing } from '#libs/core/seal.js';
import { forwardKeyOf } from '#libs/gateway/forward-key.js';
import type { Route } from '#libs/gateway/gateway-port.js';
import { hostForOthers } from '#libs/servers/ssh-address.js';
import type { App } from '#libs/templates/manifest.js';

interface Row {
  app: string;
  code: string;
  domain: string;
  serverId: string;
  address: string;
  httpAddress: string;
  internalAddress: string | null;
  httpPort: number;
}

/** Routes of desa that have moved away from a server and whose visitors it still passes on. */
export async function forwardsOf(
  { db, ring, apps }: { db: DataSource; ring: KeyRing; apps: ReadonlyMap<string, App> },
  serverId: string,
): Promise<Route[]> {
  const rows = (await db.query(
    `SELECT i.app, d.code, d.domain, s.id AS "serverId", s.address, s.http_address AS "httpAddress", s.internal_address AS "internalAddress", s.http_port AS "httpPort"
     FROM move m JOIN installation i ON i.id = m.installation_id JOIN desa d ON d.id = i.desa_id JOIN server s ON s.id = m.to_server_id
     WHERE m.from_server_id = $1 AND m.switched_at IS NOT NULL AND m.settled_at IS NULL ORDER BY d.code`,
    [serverId],
  )) as Row[];
  return rows.flatMap((row) => {
    const [app, server] = [apps.get(row.app), hostForOthers(row)];
    if (!app || !server) return [];
    const to = { server, port: row.httpPort, key: forwardKeyOf(ring, row.serverId).reveal() };
    const { deny } = app.routes;
    return [{ domain: row.domain, site: names.site(row.code), to, deny, uploadMiB: app.site.uploadMiB }];
  });
}
