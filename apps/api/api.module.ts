import { Module, StandardSchemaValidationPipe, type DynamicModule, type Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, ModulesContainer } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { AuditService } from '#libs/audit/audit.service.js';
import { AuthService } from '#libs/auth/auth.service.js';
import { TokensService } from '#libs/auth/tokens.service.js';
import { UsersService } from '#libs/auth/users.service.js';
import { DesaQuery } from '#libs/catalog/desa.query.js';
import { DesaService } from '#libs/catalog/desa.service.js';
import { KabupatenService } from '#libs/catalog/kabupaten.service.js';
import { WilayahQuery } from '#libs/catalog/wilayah.query.js';
import { InvalidInput } from '#libs/core/errors.js';
import { HttpsService } from '#libs/gateway/https.service.js';
import { DriftsService } from '#libs/looks/drifts.service.js';
import { RepairsService } from '#libs/looks/repairs.service.js';
import { HoldsService } from '#libs/rollouts/holds.service.js';
import { PlansService } from '#libs/rollouts/plans.service.js';
import { PoliciesService } from '#libs/rollouts/policies.service.js';
import type { RolloutRinger } from '#libs/rollouts/rollout-ringer.js';
import { RolloutsQuery } from '#libs/rollouts/rollouts.query.js';
import { RolloutsService } from '#libs/rollouts/rollouts.service.js';
import { WithdrawalsService } from '#libs/rollouts/withdrawals.service.js';
import { RunsService, type Ringer } from '#libs/runs/runs.service.js';
import { PlacesService } from '#libs/servers/places.service.js';
import { CatalogController } from './catalog.controller.js';
import { DesaRunController } from './desa-run.controller.js';
import { DesaController } from './desa.controller.js';
import { DriftController } from './drift.controller.js';
import { FleetController } from './fleet.controller.js';
import { FleetQuery } from './fleet.query.js';
import { FleetRecords } from './fleet-records.js';
import { GabunganBackupController } from './gabungan-backup.controller.js';
import { GabunganKeptController } from './gabungan-kept.controller.js';
import { HealthController } from './health.controller.js';
import { HoldController } from './hold.controller.js';
import { HomeController } from './home.controller.js';
import { HomeQuery } from './home.query.js';
import { HttpsController } from './https.controller.js';
import { MoveController } from './move.controller.js';
import { MovesFrom } from './moves-from.js';
import { PlaceController } from './place.controller.js';
import { PolicyController } from './policy.controller.js';
import { ProblemFilter } from './problem.filter.js';
import { ReleaseController } from './release.controller.js';
import { ReleaseDoor } from './release-door.js';
import { RolloutController } from './rollout.controller.js';
import { RunController } from './run.controller.js';
import { ServerController } from './server.controller.js';
import { SessionController } from './session.controller.js';
import { ShipmentController } from './shipment.controller.js';
import { Settings } from './settings.js';
import { TokenController } from './token.controller.js';
import { UserController } from './user.controller.js';
import { assertEveryRouteMarked, WhoGuard } from './who.js';
import { WithdrawalController } from './withdrawal.controller.js';

/** What main opens, and a test may open otherwise. */
export interface ApiParts {
  db: DataSource;
  bell: Ringer & RolloutRinger;
  settings: Settings;
  releases: ReleaseDoor;
}

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[];
}
const field = ({ path = [], message }: Issue): string =>
  `${path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.')}: ${message}`;
const asInvalidInput = (issues: readonly Issue[]): InvalidInput =>
  new InvalidInput('input-malformed', { fields: issues.map(field) });

const around: Provider[] = [
  { provide: APP_GUARD, useClass: WhoGuard },
  { provide: APP_FILTER, useClass: ProblemFilter },
  { provide: APP_PIPE, useFactory: () => new StandardSchemaValidationPipe({ exceptionFactory: asInvalidInput }) },
];

const services = ({ db, bell, settings, releases }: ApiParts): Provider[] => {
  const wilayah = new WilayahQuery(db);
  const desa = new DesaQuery(db);
  const runs = new RunsService(db, bell);
  return [
    { provide: DataSource, useValue: db },
    { provide: Settings, useValue: settings },
    { provide: AuthService, useValue: new AuthService(db, settings.dataFolder) },
    { provide: AuditService, useValue: new AuditService(db) },
    { provide: WilayahQuery, useValue: wilayah },
    { provide: KabupatenService, useValue: new KabupatenService(db, wilayah) },
    { provide: DesaQuery, useValue: desa },
    { provide: DesaService, useValue: new DesaService(db, wilayah, desa) },
    { provide: RunsService, useValue: runs },
    { provide: FleetQuery, useValue: new FleetQuery(db) },
    { provide: PlacesService, useValue: new PlacesService(db) },
    { provide: FleetRecords, useValue: new FleetRecords(db, settings.ring) },
    { provide: HttpsService, useValue: new HttpsService(db, settings.ring) },
    { provide: ReleaseDoor, useValue: releases },
    ...[PlansService, RolloutsService].map((service) => ({
      provide: service,
      useValue: new service(db, undefined, bell),
    })),
    ...[
      RolloutsQuery,
      HoldsService,
      PoliciesService,
      WithdrawalsService,
      DriftsService,
      UsersService,
      TokensService,
    ].map((service) => ({
      provide: service,
      useValue: new service(db),
    })),
    { provide: RepairsService, useValue: new RepairsService(db, runs) },
    { provide: MovesFrom, useValue: new MovesFrom(db, runs) },
    { provide: HomeQuery, useValue: new HomeQuery(db, runs) },
  ];
};

@Module({})
export class ApiModule {
  constructor(modules: ModulesContainer) {
    assertEveryRouteMarked(modules);
  }

  static of(parts: ApiParts): DynamicModule {
    return {
      module: ApiModule,
      controllers: [
        SessionController,
        TokenController,
        UserController,
        HomeController,
        CatalogController,
        DesaController,
        DesaRunController,
        FleetController,
        ServerController,
        HttpsController,
        GabunganBackupController,
        GabunganKeptController,
        ReleaseController,
        ShipmentController,
        WithdrawalController,
        RolloutController,
        HoldController,
        DriftController,
        MoveController,
        PlaceController,
        PolicyController,
        RunController,
        HealthController,
      ],
      providers: [...services(parts), ...around],
    };
  }
}
