import { inspect } from 'node:util';

/** A value that never prints itself. Reveal it only in drivers and template rendering. */
export class Secret {
  #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return '[rahasia]';
  }
  toJSON(): string {
    return '[rahasia]';
  }
  [inspect.custom](): string {
    return '[rahasia]';
  }
}
