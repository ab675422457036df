import type { Request } from 'express';

export type Language = 'id' | 'en';

/** Indonesian unless the reader's first wish is English. */
export const languageOf = (request: Pick<Request, 'headers'>): Language =>
  /^\s*en\b/i.test(request.headers['accept-language'] ?? '') ? 'en' : 'id';
