import type { Command } from 'commander';
import { Client, Refused, type Language } from './client.js';
import { EXIT, exitOfProblem, type Exit } from './exit-codes.js';
import { readAccess, type Access } from './saved.js';
import { plain } from './table.js';
import type { Terminal } from './terminal.js';

/** One call of the command: where to ask, and how to tell. */
export interface Session {
  terminal: Terminal;
  access: Access;
  client: Client;
  json: boolean;
  language: Language;
  /** The words in the reader's language. */
  t(indonesian: string, english: string): string;
  /** With --json the body and nothing else. */
  print(body: unknown, lines: () => string[]): void;
}

export type Options = Record<string, string | boolean | undefined>;
export type Act = (session: Session, options: Options, ...args: string[]) => Promise<Exit | void>;

/** Adds a leaf command: `siappakai <noun> <verb>`. */
export type Leaf = (noun: Command, verb: string, description: string, act: Act) => Command;

/** What the process will end with; commander's actions have no other way to say it. */
export interface Outcome {
  exit: Exit;
}

/** Binds an act to a leaf command. */
export function acts(command: Command, terminal: Terminal, outcome: Outcome, act: Act): Command {
  return command.action(async () => {
    const options = command.optsWithGlobals<Options>();
    const session = await open(terminal, options);
    try {
      outcome.exit = (await act(session, options, ...(command.processedArgs as string[]))) ?? EXIT.done;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      outcome.exit = refuse(session, error);
    }
  });
}

async function open(terminal: Terminal, options: Options): Promise<Session> {
  const language: Language = (options['lang'] ?? terminal.environment['SIAPPAKAI_LANG']) === 'en' ? 'en' : 'id';
  const access = await readAccess(terminal);
  const json = options['json'] === true;
  return {
    terminal,
    access,
    client: new Client(access, language, terminal.fetch),
    json,
    language,
    t: (indonesian, english) => (language === 'id' ? indonesian : english),
    print: (body, lines) =>
      (json ? [JSON.stringify(body, undefined, 2)] : lines()).forEach((line) => terminal.out(line)),
  };
}

/** What is wrong and what to do, on the error stream; with --json the problem itself. */
function refuse({ terminal, json }: Session, { problem }: Refused): Exit {
  if (json) terminal.error(JSON.stringify(problem));
  else terminal.error(plain(`${problem.title}. ${problem.detail} ${problem.hint} [${problem.code}]`));
  return exitOfProblem(problem);
}
