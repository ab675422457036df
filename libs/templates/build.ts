import { posix } from 'node:path';
import { z } from 'zod';

const leaves = (path: string): boolean => path.startsWith('/') || posix.normalize(path).split('/')[0] === '..';
/** A path of the tree. */
const inside = z
  .string()
  .min(1)
  .refine((path) => !leaves(path), { error: 'must be a path inside the tree' });

/** Run once when the image is built, without network, database or secrets, as nobody of a desa. */
const hookSchema = z.strictObject({
  /** argv in the application's folder. */
  run: z.array(z.string().min(1)).min(1),
  /**
   * Files and folders it writes: they alone go into the image, and they alone prove it: some commands end with 1 though
   * all was written. Without any its exit code is the proof.
   */
  makes: z.array(inside).default([]),
  timeoutSeconds: z.number().int().positive().default(300),
});
export type BuildHook = z.infer<typeof hookSchema>;

/** How a release becomes an image. */
export const buildSchema = z.strictObject({
  /** `install`: what composer.lock says goes into `vendor`, unless the archive carries it. */
  composer: z.enum(['none', 'install']),
  /** Folders that seldom change between releases, each an image layer of its own, in this order, before the rest. */
  layers: z.array(inside).default([]),
  /** Made empty where the release lacks them. */
  folders: z.array(inside).default([]),
  files: z.array(inside).default([]),
  /** Left out from the start, with all below; `*` stands for any part of a name. */
  remove: z.array(inside).default([]),
  /** Path of the tree -> where it leads, from the folder it stands in. Replaces what stands there. */
  links: z
    .record(inside, z.string().min(1))
    .default({})
    .superRefine((links, context) => {
      for (const [path, to] of Object.entries(links))
        if (to.startsWith('/') || leaves(posix.join(posix.dirname(path), to)))
          context.addIssue({ code: 'custom', path: [path], message: 'must lead to a place inside the tree' });
    }),
  hooks: z.array(hookSchema).default([]),
});
