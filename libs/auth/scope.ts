/** The kabupaten ids a person or token may see. Every finder outside the worker takes it first. */
export interface Scope {
  kabupatenIds: string[] | 'all';
}
