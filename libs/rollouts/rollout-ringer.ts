/** Wakes a worker for a rollout that a person or the clock has acted on. Several rings are harmless; a lost one is swept. */
export interface RolloutRinger {
  ringRollout(rolloutId: string): Promise<void>;
}

/** The sweep alone finds the row. */
export const noRing: RolloutRinger = { ringRollout: async () => undefined };
