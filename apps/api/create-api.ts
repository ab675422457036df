import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ApiModule, type ApiParts } from './api.module.js';
import { hostConsole } from './console-host.js';
import { securityHeaders } from './security-headers.js';

/** The api as main starts it and tests see it: one way only. */
export async function createApi(parts: ApiParts): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(ApiModule.of(parts), {
    logger: ['error', 'warn'],
    bodyParser: false,
    // A reader of live events must not hold up a restart.
    forceCloseConnections: true,
    abortOnError: false,
  });
  app.disable('x-powered-by');
  app.use(securityHeaders);
  // A list of 5,000 desa is half a megabyte.
  app.useBodyParser('json', { limit: '4mb' });
  app.setGlobalPrefix('api/v1', { exclude: ['healthz'] });
  hostConsole(app, parts.settings.consoleFolder);
  app.enableShutdownHooks();
  return app;
}
