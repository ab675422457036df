import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { refuseStart } from '#libs/config/refuse-start.js';
import { WorkerModule } from './worker.module.js';

const app = await NestFactory.createApplicationContext(WorkerModule, {
  logger: ['error', 'warn'],
  abortOnError: false,
}).catch(refuseStart);
app.enableShutdownHooks();
