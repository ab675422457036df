import type { RolloutSettings } from '#libs/contract/rollouts.js';

export type Edition = 'umum' | 'premium';

/** One desa of the gabungan that has this app, as it stands when the plan is made. */
export interface PlanDesa {
  desaId: string;
  code: string;
  name: string;
  kecamatan: string;
  serverId: string;
  /** Name of the server, shown. */
  server: string;
  /** Version that its site answered last; null when it never did. */
  from: string | null;
  /** Edition of what it runs; null when nothing is placed. */
  edition: Edition | null;
  /** Last day of its subscription, YYYY-MM-DD; null or missing while nobody told, which blocks nothing. */
  subscriptionEndsOn?: string | null;
  isHeld: boolean;
  /** The installation is broken, or a broken run keeps its door closed. */
  isBroken: boolean;
  /** The site did not answer rightly when it was last looked at. */
  isUnhealthy: boolean;
  /** A run of it is queued or under way. */
  isBusy: boolean;
}

export interface PlanFacts {
  gabungan: { name: string; edition: Edition; version: string | null };
  release: {
    app: string;
    version: string;
    edition: Edition;
    /** As `release.state`. */
    state: string;
    minimumVersion: string | null;
    isWithdrawn: boolean;
  };
  /** No new migrations between the two releases, as far as the pair tells. */
  isCodeOnly: boolean;
  /** Old and new may stand side by side: null until a rehearsal has said so. */
  isRolling: boolean | null;
  /** Evidence says that the older release works on today's schema, so going back is allowed. */
  mayGoBack?: boolean;
  desa: readonly PlanDesa[];
  /** Servers without room for one more release and what a rollout needs. */
  fullServers: ReadonlySet<string>;
  history: {
    /** Seconds of finished updates of this fleet, any order. */
    desaSeconds: readonly number[];
    /** Of the rehearsal, else of the gabungan's last migration. */
    migrationSeconds: number | null;
  };
  settings: RolloutSettings;
  seed: number;
}
