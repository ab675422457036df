import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { PRODUCT_FOLDER } from '#libs/database/migrate.js';
import { createApi } from './create-api.js';
import { openApiOf } from './openapi.js';

/** `npm run openapi`: writes docs/openapi.json from the routes themselves; nothing is connected for it. */
const app = await createApi({
  db: new DataSource({ type: 'postgres' }),
  bell: { ring: async () => {}, ringRollout: async () => {} },
  releases: { add: () => Promise.reject(new Error('nothing is added here')) },
  settings: { dataFolder: '', ring: new Map(), apps: new Map(), isHttps: false, consoleFolder: '' },
});
const file = join(PRODUCT_FOLDER, 'docs', 'openapi.json');
await writeFile(file, `${JSON.stringify(openApiOf(app), null, 2)}\n`);
await app.close();
