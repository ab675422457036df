import { Controller, Get } from '@nestjs/common';
import { home, type Home } from '#libs/contract/contract.js';
import { Answers } from './answers.js';
import { HomeQuery } from './home.query.js';
import { Allow, Who, type Asker } from './who.js';

@Controller('home')
export class HomeController {
  constructor(private readonly home: HomeQuery) {}

  @Get()
  @Allow('reader')
  @Answers(home)
  show(@Who() who: Asker): Promise<Home> {
    return this.home.show(who.scope, who.speaks);
  }
}
