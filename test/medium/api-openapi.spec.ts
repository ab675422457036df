import { readFileSync } from 'node:fs';
import { DataSource } from 'typeorm';
import { Controller, Get, Module } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { createApi } from '../../apps/api/create-api.js';
import { openApiOf } from '../../apps/api/openapi.js';
import { Allow, assertEveryRouteMarked } from '../../apps/api/who.js';

it('docs/openapi.json says what the routes say (npm run openapi writes it)', async () => {
  const api = await createApi({
    db: new DataSource({ type: 'postgres' }),
    bell: { ring: async () => {}, ringRollout: async () => {} },
    releases: { add: () => Promise.reject(new Error('nothing is added here')) },
    settings: { dataFolder: '', ring: new Map(), apps: new Map(), isHttps: false, consoleFolder: '' },
  });
  const written = JSON.parse(readFileSync('docs/openapi.json', 'utf8'));
  expect(JSON.parse(JSON.stringify(openApiOf(api)))).toEqual(written);
  await api.close();
});

@Controller()
class MarkedController {
  @Get('a') @Allow('public') a(): string {
    return 'a';
  }
}
@Controller()
class ForgottenController {
  @Get('b') b(): string {
    return 'b';
  }
}
@Module({ controllers: [MarkedController, ForgottenController] })
class CarelessModule {
  constructor(modules: ModulesContainer) {
    assertEveryRouteMarked(modules);
  }
}

it('does not start while a route says nothing about who may call it', async () => {
  const started = NestFactory.create(CarelessModule, { logger: false, abortOnError: false });
  await expect(started).rejects.toThrow('routes without @Allow: ForgottenController.b');
});
