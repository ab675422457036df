import { Controller, Get } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { Unavailable } from '#libs/core/errors.js';
import { Answers } from './answers.js';
import { Allow } from './who.js';

@Controller('healthz')
export class HealthController {
  constructor(private readonly db: DataSource) {}

  /** Lives when the database answers. */
  @Get()
  @Allow('public')
  @Answers(z.object({ status: z.literal('ok') }))
  async look(): Promise<{ status: 'ok' }> {
    await this.db.query('SELECT 1').catch((error: unknown) => {
      throw new Unavailable('database-unreachable', {}, error);
    });
    return { status: 'ok' };
  }
}
