import { applyDecorators, HttpCode, SetMetadata } from '@nestjs/common';
import { z } from 'zod';
import { problem } from '#libs/contract/contract.js';

/**
 * Where @nestjs/swagger looks for what a route answers. Its own decorator would load the whole generator (11 MB) into
 * the running api, which only `npm run openapi` needs; the test of docs/openapi.json tells when this name changes.
 */
const ANSWERS = 'swagger/apiResponse';

/** What a route answers, for the OpenAPI document; problems are the same everywhere. */
export const Answers = (schema: z.ZodType | undefined, status = 200): MethodDecorator =>
  applyDecorators(
    HttpCode(status),
    SetMetadata(ANSWERS, {
      [status]: { description: schema ? 'ok' : 'done', ...(schema && { standardSchema: schema }) },
      default: { description: 'problem+json', standardSchema: problem },
    }),
  );

/** `?limit=&offset=` of every list. */
export const paging = {
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  offset: z.coerce.number().int().min(0).default(0),
};
