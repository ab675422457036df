/** The world around the command: tests give another one. */
export interface Terminal {
  environment: Readonly<Record<string, string | undefined>>;
  home: string;
  out(line: string): void;
  error(line: string): void;
  fetch: typeof fetch;
  /** Whether a person sits there who can be asked. */
  isInteractive: boolean;
  /** Shows the question; `hidden` does not echo the answer. */
  ask(question: string, hidden: boolean): Promise<string>;
  /** All of standard input. */
  input(): Promise<string>;
}
