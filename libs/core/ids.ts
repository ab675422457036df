import { randomUUID } from 'node:crypto';

export type Brand<T, B extends string> = T & { readonly __brand: B };
export type KabupatenId = Brand<string, 'kabupaten'>;
export type RunId = Brand<string, 'run'>;
export const newId = <T extends string = string>(): T => randomUUID() as string as T;
