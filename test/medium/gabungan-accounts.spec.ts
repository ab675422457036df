import { randomPassword } from '#libs/core/seal.js';
import { createGabungan } from '#libs/gabungan/drivers/create.js';
import type { Gabungan } from '#libs/gabungan/gabungan-port.js';
import { AS_OPENSID, openGabunganWorld, SCHEMA, type GabunganWorld } from './gabungan-world.js';

const RUNTIME = 'sp_opensid_1307012001';
let world: GabunganWorld;
let schema: string;
const password = randomPassword();

beforeAll(async () => {
  world = await openGabunganWorld();
  schema = `\`${world.address.database.replaceAll('_', '\\_')}\`.*`;
  await world.gabungan.query(SCHEMA);
  await world.gabungan.ensureRuntimeAccount(RUNTIME, password);
}, 240_000);
afterAll(() => world?.close());

const reader = () => world.as(world.address.reader.user, world.address.reader.password);
const runtime = () => world.as(RUNTIME, password);

describe('accounts of a merged database', () => {
  it('the owner has exactly the rights of installation and migration on its schema', async () => {
    const { user } = world.address.owner;
    expect(await world.gabungan.grants(user)).toEqual([
      `GRANT USAGE ON *.* TO \`${user}\`@\`%\``,
      `GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER, LOCK TABLES, CREATE VIEW, SHOW VIEW ON ${schema} TO \`${user}\`@\`%\``,
    ]);
  }, 60_000);

  it('the reader may look, and nothing else', async () => {
    const { user } = world.address.reader;
    expect(await world.gabungan.grants(user)).toEqual([
      `GRANT USAGE ON *.* TO \`${user}\`@\`%\` WITH MAX_USER_CONNECTIONS 40`,
      `GRANT SELECT, SHOW VIEW ON ${schema} TO \`${user}\`@\`%\``,
    ]);
  }, 60_000);

  it('a runtime account reads and writes rows of this schema alone', async () => {
    expect(await world.gabungan.grants(RUNTIME)).toEqual([
      `GRANT USAGE ON *.* TO \`${RUNTIME}\`@\`%\` WITH MAX_USER_CONNECTIONS 24`,
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ${schema} TO \`${RUNTIME}\`@\`%\``,
    ]);
    const account = runtime();
    await account.query("INSERT INTO agama VALUES (1, 'Islam')");
    await account.query("UPDATE agama SET nama = 'Hindu' WHERE id = 1");
    expect(await account.count('SELECT COUNT(*) FROM agama')).toBe(1);
    await account.query('DELETE FROM agama');
  }, 60_000);

  const everybody = [
    ['reads the accounts', 'SELECT * FROM mysql.user'],
    ['reads a file', "SELECT * FROM agama INTO OUTFILE '/tmp/agama.txt'"],
    ['loads a file of the server', "LOAD DATA INFILE '/etc/passwd' INTO TABLE agama"],
    ['loads a file of the client', "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE agama"],
    ['gives its rights on', "GRANT SELECT ON agama TO 'tamu'@'%' IDENTIFIED BY 'x'"],
    ['makes an account', "CREATE USER 'tamu'@'%' IDENTIFIED BY 'x'"],
    ['makes a schema', 'CREATE DATABASE gab_lain'],
    ['makes a schema that only the pattern would match', 'CREATE DATABASE `gabXuji`'],
    ['makes a procedure', 'CREATE PROCEDURE p() SELECT 1'],
    ['makes a function', 'CREATE FUNCTION f() RETURNS INT RETURN 1'],
    ['makes a trigger', 'CREATE TRIGGER t BEFORE INSERT ON agama FOR EACH ROW SET NEW.id = 1'],
    ['makes an event', 'CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1'],
    ['changes the server', 'SET GLOBAL max_connections = 1'],
    ['stops the server', 'SHUTDOWN'],
    ['makes a view in the name of another', "CREATE DEFINER = 'mysql'@'localhost' VIEW v AS SELECT 1 AS satu"],
    ['installs a plugin', "INSTALL SONAME 'auth_ed25519'"],
  ] as const;
  const dataOnly = [
    ['makes a table', 'CREATE TABLE baru (id INT)'],
    ['changes a table', 'ALTER TABLE agama ADD COLUMN x INT'],
    ['drops a table', 'DROP TABLE agama'],
    ['empties a table', 'TRUNCATE TABLE agama'],
    ['makes an index', 'CREATE INDEX i ON agama (nama)'],
    ['makes a view', 'CREATE VIEW v AS SELECT 1 AS satu'],
    ['drops a view', 'DROP VIEW penduduk_hidup'],
    ['locks tables', 'LOCK TABLES agama WRITE'],
    ['drops the schema', 'DROP DATABASE {database}'],
    ['changes the schema', 'ALTER DATABASE {database} CHARACTER SET latin1'],
  ] as const;
  const writes = [
    ['inserts', "INSERT INTO agama VALUES (9, 'x')"],
    ['updates', "UPDATE agama SET nama = 'x'"],
    ['deletes', 'DELETE FROM agama'],
    ['replaces', "REPLACE INTO agama VALUES (9, 'x')"],
  ] as const;

  async function refused(account: Gabungan, tries: readonly (readonly [string, string])[]): Promise<string[]> {
    const allowed: string[] = [];
    for (const [what, sql] of tries)
      await account.query(sql.replace('{database}', `\`${world.address.database}\``)).then(
        () => allowed.push(what),
        () => undefined,
      );
    return allowed;
  }

  it('the owner is refused whatever reaches beyond its schema', async () => {
    expect(await refused(world.gabungan, everybody)).toEqual([]);
  }, 60_000);
  it('a runtime account is refused every change of structure', async () => {
    expect(await refused(runtime(), [...everybody, ...dataOnly])).toEqual([]);
  }, 60_000);
  it('the reader is refused every change', async () => {
    expect(await refused(reader(), [...everybody, ...dataOnly, ...writes])).toEqual([]);
  }, 60_000);

  it('an account that was given more, or lost something, is repaired', async () => {
    const before = await world.gabungan.grants(RUNTIME);
    const admin = world.as('mysql', world.address.admin.password);
    await admin.query(`GRANT ALL ON ${schema} TO '${RUNTIME}'@'%'; GRANT FILE ON *.* TO '${RUNTIME}'@'%'`);
    await world.gabungan.ensureRuntimeAccount(RUNTIME, password);
    expect(await world.gabungan.grants(RUNTIME)).toEqual(before);
    await admin.query(`REVOKE ALL PRIVILEGES, GRANT OPTION FROM '${RUNTIME}'@'%'`);
    await world.gabungan.ensureRuntimeAccount(RUNTIME, password);
    expect(await world.gabungan.grants(RUNTIME)).toEqual(before);
  }, 60_000);

  it('a dropped account is gone', async () => {
    await world.gabungan.ensureRuntimeAccount('sp_opensid_1307012002', randomPassword());
    expect(await world.gabungan.hasAccount('sp_opensid_1307012002')).toBe(true);
    await world.gabungan.dropAccount('sp_opensid_1307012002');
    await world.gabungan.dropAccount('sp_opensid_1307012002');
    expect(await world.gabungan.hasAccount('sp_opensid_1307012002')).toBe(false);
  }, 60_000);

  it('a wrong password names the account, never the password', async () => {
    const wrong = randomPassword();
    const error = await world
      .as(world.address.owner.user, wrong)
      .tables()
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'gabungan-password-wrong', data: { user: world.address.owner.user } });
    expect(JSON.stringify(error)).not.toContain(wrong.reveal());
  }, 60_000);

  it('a refused statement does not repeat the statement', async () => {
    const error: Error = await reader()
      .query("UPDATE agama SET nama = 'rahasia-sekali'")
      .then(
        () => new Error('was allowed'),
        (thrown: Error) => thrown,
      );
    expect(error).toMatchObject({ code: 'ER_TABLEACCESS_DENIED_ERROR' });
    expect(JSON.stringify([error, error.message, error.stack])).not.toContain('rahasia-sekali');
  }, 60_000);

  it('creating it again changes nothing and keeps what it holds', async () => {
    const before = await world.gabungan.fingerprint();
    await createGabungan(world.docker, world.address, { charset: 'utf8mb4', collation: 'utf8mb4_general_ci' });
    expect(await world.gabungan.fingerprint()).toEqual(before);
    expect(await world.gabungan.query('SELECT @@character_set_database AS c, @@collation_database AS k')).toEqual([
      { c: AS_OPENSID.charset, k: AS_OPENSID.collation },
    ]);
  }, 60_000);
});
