import type { ProblemTable } from './problem-table.js';

export const drift = (id: [string, string, string], en: [string, string, string]): ProblemTable[string] => ({
  status: 409,
  id,
  en,
});

/** What each kind of drift means and what to do: `drift-<kind>`. */
export const DRIFT: ProblemTable = {
  'drift-server-away': drift(
    [
      'Server tidak menjawab',
      'Server {server} tidak menjawab; keadaan desa di dalamnya tidak diketahui.',
      'Periksa listrik, jaringan, dan Docker server itu. Selama belum menjawab, tidak ada lagi yang dinilai di sana.',
    ],
    [
      'The server does not answer',
      'Server {server} does not answer; what its desa are is not known.',
      'Check its power, network and Docker. Until it answers nothing else of it is judged.',
    ],
  ),
  'drift-disk-filling': drift(
    [
      'Ruang disk menipis',
      'Server {server} menyisakan {freeMiB} MiB (batas {neededMiB} MiB); menurut kecenderungannya penuh dalam {daysLeft} hari.',
      'Kosongkan ruang atau tambah disk. Cadangan lama dan image yang tak terpakai adalah yang pertama diperiksa.',
    ],
    [
      'The disk is filling',
      'Server {server} has {freeMiB} MiB left (limit {neededMiB} MiB); by its trend it is full in {daysLeft} days.',
      'Make room or add a disk. Old backups and unused images are the first to look at.',
    ],
  ),
  'drift-gateway-missing': drift(
    [
      'Gerbang tidak ada',
      'Gerbang server {server} hilang: tidak satu desa pun terjangkau.',
      'Perbaiki: gerbang dibuat lagi dan semua rute dipasang kembali.',
    ],
    [
      'The gateway is missing',
      'The gateway of server {server} is gone: no desa can be reached.',
      'Repair: it is made again and all routes are put back.',
    ],
  ),
  'drift-gateway-stopped': drift(
    [
      'Gerbang berhenti',
      'Gerbang server {server} tidak berjalan ({state}): tidak satu desa pun terjangkau.',
      'Perbaiki: gerbang dijalankan dan rute yang hilang dipasang kembali.',
    ],
    [
      'The gateway stands still',
      'The gateway of server {server} does not run ({state}): no desa can be reached.',
      'Repair: it is started and missing routes are put back.',
    ],
  ),
  'drift-gabungan-missing': drift(
    [
      'Basis data gabungan tidak ada',
      'Kontainer gabungan {subject} hilang dari server {server}.',
      'Pastikan volumenya masih ada, lalu perbaiki: kontainer dibuat lagi di atas volume itu. Bila volumenya hilang, pulihkan dari cadangan.',
    ],
    [
      'The merged database is missing',
      'The container of gabungan {subject} is gone from server {server}.',
      'Make sure that its volume is there, then repair: the container is made again on it. If the volume is gone, restore a backup.',
    ],
  ),
  'drift-gabungan-stopped': drift(
    [
      'Basis data gabungan berhenti',
      'Kontainer gabungan {subject} tidak berjalan ({state}).',
      'Perbaiki: kontainer dijalankan lagi.',
    ],
    [
      'The merged database stands still',
      'The container of gabungan {subject} does not run ({state}).',
      'Repair: it is started again.',
    ],
  ),
  'drift-way-missing': drift(
    [
      'Pintu ke gabungan tidak ada atau berhenti',
      'Desa di server {server} mencapai gabungan {subject} di server lain lewat pintu itu; tanpa pintu, halamannya gagal.',
      'Perbaiki: jalurnya dibuka lagi. Bila terjadi lagi, periksa firewall di antara kedua server.',
    ],
    [
      'The door to a gabungan is missing or stopped',
      'Desa on server {server} reach gabungan {subject} on another server through that door; without it their pages fail.',
      'Repair: the way is opened again. If it happens again, look at the firewall between the two servers.',
    ],
  ),
  'drift-runtime-missing': drift(
    [
      'Runtime tidak ada',
      'Runtime {subject} hilang dari server {server}; semua desa di dalamnya tidak terlayani.',
      'Perbaiki: runtime dibuat lagi dengan semua desanya.',
    ],
    [
      'The runtime is missing',
      'Runtime {subject} is gone from server {server}; no desa in it is served.',
      'Repair: it is made again with all of its desa.',
    ],
  ),
  'drift-runtime-stopped': drift(
    [
      'Runtime berhenti',
      'Runtime {subject} tidak berjalan ({state}); semua desa di dalamnya tidak terlayani.',
      'Perbaiki: runtime dijalankan lagi. Bila berulang, lihat memori server.',
    ],
    [
      'The runtime stands still',
      'Runtime {subject} does not run ({state}); no desa in it is served.',
      'Repair: it is started again. If it comes back, look at the memory of the server.',
    ],
  ),
  'drift-runtime-silent': drift(
    [
      'Runtime tidak menjawab',
      'Runtime {subject} berjalan tetapi tidak menjawab.',
      'Perbaiki: kontainernya diganti; desa di dalamnya terputus beberapa detik.',
    ],
    [
      'The runtime does not answer',
      'Runtime {subject} runs but does not answer.',
      'Repair: its container is replaced; its desa are away for some seconds.',
    ],
  ),
  'drift-runtime-image': drift(
    [
      'Runtime memakai image lain',
      'Runtime {subject} berjalan dari {image}, seharusnya {wantedImage}.',
      'Cari tahu siapa menggantinya, lalu perbaiki: kontainernya diganti; desa di dalamnya terputus beberapa detik.',
    ],
    [
      'The runtime has another image',
      'Runtime {subject} runs {image}, wanted is {wantedImage}.',
      'Find out who changed it, then repair: its container is replaced; its desa are away for some seconds.',
    ],
  ),
  'drift-runtime-settings': drift(
    [
      'Pengaturan runtime berbeda',
      'Runtime {subject} berbeda pada: {settings}. Pemisahan antardesa bisa melemah.',
      'Perbaiki pada jam sepi: kontainernya diganti; desa di dalamnya terputus beberapa detik.',
    ],
    [
      'The settings of a runtime differ',
      'Runtime {subject} differs in: {settings}. What keeps desa apart may be weaker.',
      'Repair in a quiet hour: its container is replaced; its desa are away for some seconds.',
    ],
  ),
  'drift-site-missing': drift(
    [
      'Desa tidak terpasang di runtime',
      '{subject} kehilangan bagiannya di {runtime}: {missing}.',
      'Perbaiki: desa dipasang lagi; desa lain tidak terganggu.',
    ],
    [
      'The desa is missing in its runtime',
      '{subject} lacks in {runtime}: {missing}.',
      'Repair: it is placed again; no other desa is disturbed.',
    ],
  ),
  'drift-site-silent': drift(
    [
      'Situs desa tidak menjawab',
      'Halaman {subject} dijawab {status}: {words}',
      'Perbaiki: desa dipasang lagi dan dibuktikan. Bila tetap gagal, baca catatan aplikasinya di proses perbaikan.',
    ],
    [
      'The site does not answer',
      'The page of {subject} answered {status}: {words}',
      'Repair: it is placed again and proved. If that fails, read the log of the application in the run.',
    ],
  ),
  'drift-site-other': drift(
    [
      'Situs menyebut desa atau versi lain',
      '{subject} berjudul “{title}” (seharusnya “{wantedTitle}”), versi {version} (seharusnya {wantedVersion}).',
      'Periksa apakah nama desa diubah di aplikasinya. Bila bukan itu, perbaiki.',
    ],
    [
      'The site names another desa or version',
      '{subject} is titled “{title}” (wanted “{wantedTitle}”), version {version} (wanted {wantedVersion}).',
      'See whether its name was changed inside the application. If not, repair.',
    ],
  ),
  'drift-route-missing': drift(
    [
      'Rute desa tidak ada',
      '{domain} tidak diarahkan ke mana pun.',
      'Perbaiki: rute dipasang lagi setelah situsnya terbukti.',
    ],
    ['The route is missing', '{domain} leads nowhere.', 'Repair: the route is put back once the site is proved.'],
  ),
  'drift-route-wrong': drift(
    [
      'Rute desa salah',
      '{domain} mengarah ke {to}, seharusnya {wantedRuntime}, atau aturannya berbeda.',
      'Perbaiki: rute dipasang lagi setelah situsnya terbukti.',
    ],
    [
      'The route is wrong',
      '{domain} leads to {to}, wanted is {wantedRuntime}, or its rules differ.',
      'Repair: the route is put back once the site is proved.',
    ],
  ),
  'drift-container-unknown': drift(
    [
      'Kontainer tidak dikenal',
      'Kontainer {subject} ({image}, {state}) berlabel milik kita tetapi tidak tercatat.',
      'Bila bukan milik dasbor lain di server itu, perbaiki satu per satu: kontainernya dihapus, volumenya tetap.',
    ],
    [
      'Unknown container',
      'Container {subject} ({image}, {state}) carries our label, but no record knows it.',
      'If it is not of another dashboard on that server, repair it by itself: the container is removed, its volumes stay.',
    ],
  ),
};
