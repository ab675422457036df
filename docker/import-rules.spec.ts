import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const CONFIG = resolve('.dependency-cruiser.cjs');
const CRUISE = resolve('node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const execute = promisify(execFile);

/** One violation per rule: the file that breaks it, and what it imports. */
const PLANTS: Record<string, [file: string, imports: string]> = {
  'layer-1-looks-up': ['libs/core/up.ts', '#libs/config/config.js'],
  'layer-2-looks-up': ['libs/queue/up.ts', '#libs/runs/engine.js'],
  'layer-3-looks-up': ['libs/servers/up.ts', '#libs/runs/engine.js'],
  'layer-4-looks-up': ['libs/runs/up.ts', '#libs/provisioning/aim.js'],
  'libs-know-no-app': ['libs/runs/app.ts', '../../apps/worker/main.js'],
  'apps-are-strangers': ['apps/worker/neighbour.ts', '../api/main.js'],
  'contract-imports-zod-alone': ['libs/contract/vendor.ts', '#libs/core/errors.js'],
  'core-imports-nothing-of-ours': ['libs/core/ours.ts', '#libs/contract/contract.js'],
  'cli-and-console-know-the-contract-alone': ['apps/cli/more.ts', '#libs/core/errors.js'],
  'asking-reaches-no-driver': ['apps/api/far.ts', '#libs/catalog/friend.js'],
  'bullmq-has-one-door': ['libs/runs/queue.ts', 'bullmq'],
  'dockerode-has-one-door': ['libs/runtimes/engine.ts', 'dockerode'],
  'node-ssh-has-one-door': ['libs/servers/ssh.ts', 'node-ssh'],
  'ssh2-has-one-door': ['libs/servers/ssh2.ts', 'ssh2'],
  'mysql2-has-one-door': ['libs/gabungan/sql.ts', 'mysql2/promise'],
  'handlebars-has-one-door': ['libs/runtimes/words.ts', 'handlebars'],
  'rollouts-know-no-step': ['libs/rollouts/step.ts', '#libs/provisioning/steps/one.step.js'],
  'steps-are-strangers': ['libs/provisioning/steps/two.step.ts', './one.step.js'],
  'product-knows-no-test': ['libs/runs/fake.ts', '#test/fakes/fake.js'],
  'folders-say-something': ['libs/runs/words.ts', '#libs/runs/utils/words.js'],
};

/** A sound little house, for the plants to import from. */
const HOUSE: Record<string, string> = {
  'libs/core/errors.ts': '',
  'libs/contract/contract.ts': "import 'zod';",
  'libs/config/config.ts': "import '#libs/core/errors.js';",
  'libs/queue/bell.ts': "import 'bullmq';",
  'libs/runs/engine.ts': "import '#libs/core/errors.js';",
  'libs/runs/utils/words.ts': '',
  'libs/servers/drivers/engine.ts': "import 'dockerode'; import 'node-ssh'; import 'ssh2';",
  'libs/catalog/friend.ts': "import '#libs/servers/drivers/engine.js';",
  'libs/gabungan/drivers/mariadb.ts': "import 'mysql2/promise';",
  'libs/templates/render.ts': "import 'handlebars';",
  'libs/provisioning/aim.ts': "import '#libs/runs/engine.js';",
  'libs/provisioning/steps/one.step.ts': "import '../aim.js';",
  'apps/api/main.ts': "import '#libs/contract/contract.js';",
  'apps/worker/main.ts': "import '#libs/provisioning/steps/one.step.js'; import '#libs/servers/drivers/engine.js';",
  'apps/cli/main.ts': "import '#libs/contract/contract.js';",
  'test/fakes/fake.ts': "import '#libs/provisioning/aim.js'; import 'bullmq';",
};

interface Violation {
  rule: { name: string };
  from: string;
}

describe('the import rules', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sp-rules-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (file: string, text: string): void => {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  const build = (): void => Object.entries(HOUSE).forEach(([file, text]) => write(file, text));
  /** It exits with the number of violations. */
  const cruise = async (): Promise<Violation[]> => {
    const argv = [CRUISE, '--config', CONFIG, '--output-type', 'json', 'apps', 'libs', 'test'];
    const said = await execute(process.execPath, argv, { cwd: folder, maxBuffer: 2 ** 26 }).catch(
      (failed: { stdout: string }) => failed,
    );
    return (JSON.parse(said.stdout) as { summary: { violations: Violation[] } }).summary.violations;
  };

  it('let a sound house be', async () => {
    build();
    expect((await cruise()).map(({ rule, from }) => `${from}: ${rule.name}`)).toEqual([]);
  }, 60_000);

  it('report a violation of every rule there is', async () => {
    build();
    for (const [file, imports] of Object.values(PLANTS)) write(file, `import '${imports}';\n`);
    write('libs/runs/one.ts', "import { two } from './two.js'; export const one = two;\n");
    write('libs/runs/two.ts', "import { one } from './one.js'; export const two = one;\n");
    const found = (await cruise()).map(({ rule, from }) => `${rule.name} in ${from}`);
    const planted = Object.entries(PLANTS).map(([name, [file]]) => `${name} in ${file}`);
    expect(found).toEqual(expect.arrayContaining([...planted, 'no-circle in libs/runs/one.ts']));
  }, 60_000);

  it('have no rule without its planted violation', () => {
    const { forbidden } = createRequire(import.meta.url)(CONFIG) as { forbidden: { name: string }[] };
    expect(forbidden.map(({ name }) => name).sort()).toEqual([...Object.keys(PLANTS), 'no-circle'].sort());
  });
});
