import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { UsersService } from '#libs/auth/users.service.js';
import { page } from '#libs/contract/contract.js';
import {
  firstPassword,
  user,
  userChange,
  userNew,
  type FirstPassword,
  type User,
  type UserChange,
  type UserNew,
} from '#libs/contract/people.js';
import { Answers, paging } from './answers.js';
import { Allow, Who, type Asker } from './who.js';

const filter = z.object({ q: z.string().default(''), ...paging });

/** Users within the admin's own scope; a first password is in the answer once and nowhere else. */
@Controller('users')
export class UserController {
  constructor(private readonly users: UsersService) {}

  @Get()
  @Allow('admin')
  @Answers(page(user))
  list(@Who() who: Asker, @Query({ schema: filter }) query: z.infer<typeof filter>) {
    return this.users.list(who.scope, query);
  }

  @Post()
  @Allow('admin')
  @Answers(firstPassword, 201)
  add(@Who() who: Asker, @Body({ schema: userNew }) wish: UserNew): Promise<FirstPassword> {
    return this.users.add(who, wish);
  }

  @Get(':username')
  @Allow('admin')
  @Answers(user)
  show(@Who() who: Asker, @Param('username') username: string): Promise<User> {
    return this.users.show(who.scope, username);
  }

  @Patch(':username')
  @Allow('admin')
  @Answers(user)
  async change(
    @Who() who: Asker,
    @Param('username') username: string,
    @Body({ schema: userChange }) change: UserChange,
  ): Promise<User> {
    await this.users.change(who, username, change);
    return this.users.show(who.scope, username);
  }

  @Post(':username/disable')
  @Allow('admin')
  @Answers(user)
  async disable(@Who() who: Asker, @Param('username') username: string): Promise<User> {
    await this.users.disable(who, username);
    return this.users.show(who.scope, username);
  }

  @Post(':username/enable')
  @Allow('admin')
  @Answers(user)
  async enable(@Who() who: Asker, @Param('username') username: string): Promise<User> {
    await this.users.enable(who, username);
    return this.users.show(who.scope, username);
  }

  @Post(':username/reset-password')
  @Allow('admin')
  @Answers(firstPassword)
  resetPassword(@Who() who: Asker, @Param('username') username: string): Promise<FirstPassword> {
    return this.users.resetPassword(who, username);
  }
}
