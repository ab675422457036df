import { X509Certificate } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { within, type Scope } from '#libs/auth/scope.js';
import type { HttpsShown, HttpsWish } from '#libs/contract/https.js';
import { InvalidInput, NotFound } from '#libs/core/errors.js';
import type { KeyRing } from '#libs/core/seal.js';
import { Secret } from '#libs/core/secret.js';
import { checkCertificate } from './certificate.js';
import type { DomainState } from './certificate-state.js';
import { covers, type HttpsSettings } from './https.js';
import { keepCertificates } from './https-records.js';

export interface ServerHttps {
  id: string;
  name: string;
  kabupatenId: string;
  https: HttpsSettings;
}
interface Row extends ServerHttps {
  port: number;
  address: string;
  domains: DomainState[] | null;
  lookedAt: Date | null;
}

/** How a server serves HTTPS, and what a person wishes: checked here, made true by a run. */
export class HttpsService {
  constructor(
    private readonly db: DataSource,
    private readonly ring: KeyRing,
  ) {}

  async show(scope: Scope, name: string): Promise<HttpsShown> {
    const { id, https, port, address, domains, lookedAt } = await this.find(scope, name);
    const certificates = (await this.db.query(
      `SELECT names, issuer, fingerprint, not_after AS until FROM server_certificate WHERE server_id = $1 AND id = ANY($2)
       ORDER BY not_after`,
      [id, https.certificates],
    )) as { names: string[]; issuer: string; fingerprint: string; until: Date }[];
    return {
      ...{ server: name, way: https.way, email: https.email ?? null, directory: https.directory ?? null },
      ...{ hasAuthority: https.authority !== undefined, trustedProxies: https.trustedProxies, port, address },
      certificates: certificates.map((one) => ({ ...one, until: one.until.toISOString() })),
      domains: https.way === 'off' ? [] : (domains ?? []),
      lookedAt: lookedAt?.toISOString() ?? null,
    };
  }

  /**
   * The wish as settings, its certificates kept under seal. Throws what is wrong with a certificate, `https-email-missing`,
   * `https-certificate-missing`, `https-covers-nothing`, `https-authority-unreadable`.
   */
  async prepare(
    scope: Scope,
    actor: string,
    name: string,
    wish: HttpsWish,
  ): Promise<ServerHttps & { wanted: HttpsSettings }> {
    const server = await this.find(scope, name);
    const { way, email, directory, authority, trustedProxies } = wish;
    if (way === 'acme' && !email) throw new InvalidInput('https-email-missing', { name });
    if (authority !== undefined) readAuthority(authority);
    const given = wish.certificates?.map(({ certificate, key }) => checkCertificate(certificate, new Secret(key)));
    const owner = { serverId: server.id, kabupatenId: server.kabupatenId, actor };
    const kept = given ? await keepCertificates(this.db, this.ring, owner, given) : server.https.certificates;
    const certificates = way === 'off' ? [] : kept;
    if (way === 'own') await this.assertCovering(server, certificates);
    const acme = way === 'acme' ? { email, directory, authority } : {};
    return { ...server, wanted: { way, ...acme, trustedProxies, certificates } };
  }

  /** One that stands for no desa of this server is a mistake; some desa may be left to HTTP. */
  private async assertCovering({ id, name }: ServerHttps, certificates: string[]): Promise<void> {
    if (certificates.length === 0) throw new InvalidInput('https-certificate-missing', { name });
    const rows = (await this.db.query('SELECT names FROM server_certificate WHERE id = ANY($1)', [certificates])) as {
      names: string[];
    }[];
    const names = rows.flatMap((row) => row.names);
    const domains = await this.domainsOf(id);
    const covered = domains.filter((domain) => names.some((one) => covers(one, domain)));
    if (domains.length > 0 && covered.length === 0)
      throw new InvalidInput('https-covers-nothing', { name, names, domains: domains.slice(0, 10) });
  }

  private async domainsOf(serverId: string): Promise<string[]> {
    const rows = (await this.db.query(
      `SELECT DISTINCT d.domain FROM installation i JOIN desa d ON d.id = i.desa_id
       WHERE i.server_id = $1 AND i.state <> 'absent' ORDER BY d.domain`,
      [serverId],
    )) as { domain: string }[];
    return rows.map(({ domain }) => domain);
  }

  private async find(scope: Scope, name: string): Promise<Row> {
    const [row] = (await this.db.query(
      `SELECT s.id, s.name, s.kabupaten_id AS "kabupatenId", s.https, s.https_port AS port, s.https_address AS address,
         look.certificates AS domains, look.looked_at AS "lookedAt"
       FROM server s LEFT JOIN look ON look.server_id = s.id
       WHERE s.name = $2 AND ($1::uuid[] IS NULL OR s.kabupaten_id = ANY($1))`,
      [within(scope), name],
    )) as Row[];
    if (!row) throw new NotFound('server-unknown', { name });
    return row;
  }
}

function readAuthority(pem: string): void {
  try {
    new X509Certificate(pem);
  } catch {
    throw new InvalidInput('https-authority-unreadable');
  }
}
