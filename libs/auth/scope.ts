/** The kabupaten ids a person or token may see. Every finder outside the worker takes it first. */
export interface Scope {
  kabupatenIds: string[] | 'all';
}

/** As a query parameter: null stands for every kabupaten. `($1::uuid[] IS NULL OR kabupaten_id = ANY($1))` */
export const within = (scope: Scope): string[] | null => (scope.kabupatenIds === 'all' ? null : scope.kabupatenIds);
export const IN_SCOPE = '($1::uuid[] IS NULL OR kabupaten_id = ANY($1))';

export const covers = (scope: Scope, kabupatenId: string): boolean =>
  scope.kabupatenIds === 'all' || scope.kabupatenIds.includes(kabupatenId);
