import type { Gabungan } from '#libs/gabungan/gabungan-port.js';

/** One family with one resident, in a desa's own rows: what must still be there after everything. */
export async function insertResident(gabungan: Gabungan, code: string, number: number): Promise<void> {
  const values = {
    code,
    kk: `99990000000${String(number).padStart(5, '0')}`,
    nik: `99990000001${String(number).padStart(5, '0')}`,
  };
  const run = (sql: string): Promise<unknown> => gabungan.query(sql, values);
  const desa = '(SELECT id FROM config WHERE kode_desa = :code)';
  const cluster = `(SELECT MAX(w.id) FROM tweb_wil_clusterdesa w WHERE w.config_id = ${desa})`;
  await run(`INSERT INTO tweb_wil_clusterdesa (config_id, rt, rw, dusun) VALUES (${desa}, '0', '0', 'UJI')`);
  await run(`INSERT INTO tweb_wil_clusterdesa (config_id, rt, rw, dusun) VALUES (${desa}, '0', '01', 'UJI')`);
  await run(`INSERT INTO tweb_wil_clusterdesa (config_id, rt, rw, dusun) VALUES (${desa}, '01', '01', 'UJI')`);
  await run(`INSERT INTO tweb_keluarga (config_id, no_kk, id_cluster) SELECT ${desa}, :kk, ${cluster}`);
  await run(
    `INSERT INTO tweb_penduduk (config_id, nama, nik, id_kk, kk_level, sex, tempatlahir, tanggallahir, agama_id, pendidikan_kk_id, pekerjaan_id,
       status_kawin, warganegara_id, id_cluster, status, status_dasar, created_by)
     SELECT ${desa}, 'WARGA UJI', :nik, (SELECT id FROM tweb_keluarga WHERE config_id = ${desa} AND no_kk = :kk), 1, 1, 'X', '1980-01-01', 1, 1, 1, 2, 1,
       ${cluster}, 1, 1, 1`,
  );
  await run(
    `UPDATE tweb_keluarga SET nik_kepala = (SELECT id FROM tweb_penduduk WHERE config_id = ${desa} AND nik = :nik) WHERE config_id = ${desa} AND no_kk = :kk`,
  );
  await run(
    `INSERT INTO log_penduduk (config_id, id_pend, kode_peristiwa, tgl_lapor, tgl_peristiwa)
     SELECT ${desa}, id, 5, '2024-01-01', '2024-01-01' FROM tweb_penduduk WHERE config_id = ${desa} AND nik = :nik`,
  );
}

const COUNTED = ['tweb_penduduk', 'tweb_keluarga', 'tweb_wil_clusterdesa', 'log_penduduk', 'user', 'setting_modul'];

/** Rows of one desa in the tables people would miss first. */
export async function countsOf(gabungan: Gabungan, code: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of COUNTED)
    counts[table] = await gabungan.count(
      `SELECT COUNT(*) FROM \`${table}\` t JOIN config c ON c.id = t.config_id WHERE c.kode_desa = :code`,
      { code },
    );
  return counts;
}
