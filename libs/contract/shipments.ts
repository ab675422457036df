import { z } from 'zod';

/** Release images on servers, as they are spoken of over HTTP. */

/** To which server; every one over SSH that is ready when not said. */
export const releaseShip = z.object({ server: z.string().optional() }).optional();
export const shipment = z.object({
  server: z.string(),
  /** Of the image, those that the server did not have, and what they weighed on the way. */
  layers: z.number(),
  movedBytes: z.number(),
  shippedAt: z.iso.datetime(),
});

export type Shipment = z.infer<typeof shipment>;
