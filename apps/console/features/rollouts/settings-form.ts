import type { RolloutSettings } from '#libs/contract/rollouts.js';
import { readWaves, ways, writeWaves } from './wave-sizes.js';

/** The settings as the form holds them: what is typed may not be understood yet. */
export interface SettingsValues {
  waves: string;
  canary: string[];
  soakMinutes: number;
  needsYes: boolean;
  /** null: not judged. */
  stopFailures: number | null;
  stopPercent: number | null;
  fourEyes: boolean;
}

export const settingsValues = (given: Partial<RolloutSettings> = {}): SettingsValues => ({
  waves: given.waves ? writeWaves(given.waves) : ways.careful,
  canary: given.canary ?? [],
  soakMinutes: given.soakMinutes ?? 0,
  needsYes: given.needsYes ?? false,
  stopFailures: given.stopAfter ? (given.stopAfter.failures ?? null) : 0,
  stopPercent: given.stopAfter?.percent ?? null,
  fourEyes: given.fourEyes ?? false,
});

/** Null while the waves cannot be understood. */
export const settingsOf = (values: SettingsValues): Partial<RolloutSettings> | null => {
  const waves = readWaves(values.waves);
  if (!waves) return null;
  return {
    waves,
    canary: values.canary,
    soakMinutes: values.soakMinutes,
    needsYes: values.needsYes,
    stopAfter: {
      ...(values.stopFailures === null ? {} : { failures: values.stopFailures }),
      ...(values.stopPercent === null ? {} : { percent: values.stopPercent }),
    },
    fourEyes: values.fourEyes,
  };
};
