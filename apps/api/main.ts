import 'reflect-metadata';
import { join } from 'node:path';
import { createFirstAdmin } from '#libs/auth/first-admin.js';
import { seedWilayah } from '#libs/catalog/wilayah.seed.js';
import { readConfig } from '#libs/config/config.js';
import { refuseStart } from '#libs/config/refuse-start.js';
import { InvalidInput } from '#libs/core/errors.js';
import { joinFleet } from '#libs/database/data-folder.js';
import { openDatabase } from '#libs/database/database.js';
import { PRODUCT_FOLDER } from '#libs/database/migrate.js';
import { openBell } from '#libs/queue/bell.js';
import { Github } from '#libs/releases/github.js';
import { sweepRooms } from '#libs/releases/keep.js';
import { ReleasesService } from '#libs/releases/releases.service.js';
import { readApps } from '#libs/templates/read-app.js';
import { createApi } from './create-api.js';

async function main(): Promise<void> {
  const config = readConfig();
  if (!config.databaseUrl) throw new InvalidInput('config-invalid', { problems: ['DATABASE_URL: is missing'] });
  const db = await openDatabase(config.databaseUrl.reveal());
  await joinFleet(db, config);
  await seedWilayah(db);
  const password = await createFirstAdmin(db, config.dataFolder);
  if (password) console.log(`First administrator: admin / ${password.reveal()} (shown once)`);

  await sweepRooms(join(config.dataFolder, 'archives'));
  const apps = readApps(config.templatesFolder);
  const bell = openBell(config);
  const app = await createApi({
    db,
    bell,
    releases: new ReleasesService(db, apps, config, new Github(db, config.githubApi, config.githubToken)),
    settings: {
      dataFolder: config.dataFolder,
      ring: config.keyRing,
      apps,
      isHttps: config.publicUrl?.startsWith('https:') ?? false,
      consoleFolder: join(PRODUCT_FOLDER, 'dist', 'console'),
    },
  });
  await app.listen(config.port, config.bind);
  console.log(`Console: ${config.publicUrl ?? `http://${config.bind}:${config.port}`}`);
}

main().catch(refuseStart);
