import type { Gateway } from '#libs/gateway/gateway-port.js';
import type { HttpsSettings, OwnCertificate } from '#libs/gateway/https.js';
import type { Docker } from '#libs/servers/docker.js';
import type { GatewayTarget } from './gateway-work.js';

/** A server whose gateway is to serve HTTPS otherwise than now. */
export interface HttpsTarget extends GatewayTarget {
  id: string;
  name: string;
  wanted: HttpsSettings;
  /** Those of `wanted`. */
  certificates: readonly Pick<OwnCertificate, 'names' | 'fingerprint'>[];
}

export interface HttpsTools {
  docker: Docker;
  /** The gateway as these settings want it. */
  gatewayWith(settings: HttpsSettings): Promise<Gateway>;
  recorded(): Promise<HttpsSettings>;
  record(settings: HttpsSettings): Promise<void>;
}
