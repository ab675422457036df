import type { DesaTarget } from './target.js';

export interface BackupReceipt {
  id: string;
  folder: string;
  bytes: number;
}

/** The backup of one desa: its rows and its folder, proved restorable before it counts. */
export interface DesaBackups {
  /** The verified backup this run already made, if any. */
  ofRun(runId: string): Promise<BackupReceipt | undefined>;
  /** Makes and verifies; throws `disk-full` with nothing half-done left. */
  make(target: DesaTarget, kind: 'update' | 'remove'): Promise<BackupReceipt>;
  restoreRows(target: DesaTarget, receipt: BackupReceipt): Promise<void>;
  restoreFolder(target: DesaTarget, receipt: BackupReceipt): Promise<void>;
}
