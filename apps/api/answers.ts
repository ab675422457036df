import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';
import { problem } from '#libs/contract/contract.js';

/** What a route answers, for the OpenAPI document; problems are the same everywhere. */
export const Answers = (schema: z.ZodType | undefined, status = 200): MethodDecorator =>
  applyDecorators(
    HttpCode(status),
    ApiResponse({ status, description: schema ? 'ok' : 'done', standardSchema: schema }),
    ApiResponse({ status: 'default', description: 'problem+json', standardSchema: problem }),
  );

/** `?limit=&offset=` of every list. */
export const paging = {
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  offset: z.coerce.number().int().min(0).default(0),
};
