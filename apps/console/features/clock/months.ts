/** The months that can still be skipped: this one, those after it, and those chosen before. */
export const nextMonths = (now: Date, chosen: string[]): string[] => {
  const months = Array.from({ length: 12 }, (_, ahead) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1)).toISOString().slice(0, 7),
  );
  return [...new Set([...chosen, ...months])].sort();
};
