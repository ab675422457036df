import { randomUUID } from 'node:crypto';
import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import {
  AppError,
  Conflict,
  Forbidden,
  InvalidInput,
  NotFound,
  NotSignedIn,
  TooMany,
  Unavailable,
} from '#libs/core/errors.js';
import type { Problem } from '#libs/contract/contract.js';
import { problemText } from '#libs/contract/problems.js';
import { languageOf, type Language } from './language.js';

const STATUS_OF_CLASS: [new (...args: never[]) => AppError, number][] = [
  [InvalidInput, 422],
  [NotFound, 404],
  [Conflict, 409],
  [NotSignedIn, 401],
  [Forbidden, 403],
  [TooMany, 429],
  [Unavailable, 503],
];

/** A code that has no words yet still keeps the status of its class. */
const statusOf = (error: AppError, status: number): number =>
  status === 500 ? (STATUS_OF_CLASS.find(([one]) => error instanceof one)?.[1] ?? status) : status;

export function asProblem(error: AppError, language: Language): Problem {
  const text = problemText(error.code, error.data, language);
  const { title, detail, hint } = text;
  const status = statusOf(error, text.status);
  return {
    type: `urn:siappakai:problem:${error.code}`,
    title,
    status,
    code: error.code,
    detail,
    hint,
    data: error.data,
  };
}

/** Every error leaves as problem+json. What nobody expected is logged whole and told by its number only. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('api');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const problem = asProblem(this.told(error, request), languageOf(request));
    if (response.headersSent) return void response.end();
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }

  private told(error: unknown, request: Request): AppError {
    if (error instanceof AppError && error.code !== 'unexpected') return error;
    const status = error instanceof HttpException ? error.getStatus() : (error as { status?: number }).status;
    if (status === 404) return new NotFound('route-unknown', { path: `${request.method} ${request.path}` }, error);
    if (status === 413) return new InvalidInput('body-too-large', {}, error);
    if (status && status >= 400 && status < 500) return new InvalidInput('body-malformed', {}, error);
    const number = randomUUID().slice(0, 8);
    this.logger.error(`${number} ${request.method} ${request.path}`, (error as Error)?.stack ?? String(error));
    return new AppError('unexpected', { message: number });
  }
}
