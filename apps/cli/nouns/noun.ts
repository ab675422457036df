import type { Command } from 'commander';

/** The noun's command, made at its first mention. */
export const nounOf = (root: Command, noun: string, description = ''): Command =>
  root.commands.find((command) => command.name() === noun) ?? root.command(noun).description(description);
