/** What is said of a code: HTTP status, then title, detail and hint (what you can do) in Indonesian and in English. */
export type ProblemWords = readonly [title: string, detail: string, hint: string];
export interface ProblemEntry {
  status: number;
  id: ProblemWords;
  en: ProblemWords;
}
export type ProblemTable = Readonly<Record<string, ProblemEntry>>;
