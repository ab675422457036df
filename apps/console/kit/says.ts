import { currentLanguage } from './words.js';

/** Steps speak English in the journal; these are their sentences in Indonesian. An unknown sentence is shown as it is. */
const sentences: [RegExp, string][] = [
  [/^ask (\S+) for its name and (\S+)$/, 'tanya $1: nama desanya dan versi $2'],
  [
    /^back up rows and folder of (.+) and restore them on the side$/,
    'cadangkan data dan folder $1, lalu uji pemulihannya di tempat lain',
  ],
  [/^check (\d+) invariants and the schema of (\S+)$/, 'periksa $1 aturan data dan skema $2'],
  [/^close the route of (\S+)$/, 'tutup jalur $1'],
  [/^create account (\S+) with data rights only, password (.+)$/, 'buat akun $1 dengan hak data saja, kata sandi $2'],
  [/^delete folder (\S+)$/, 'hapus folder $1'],
  [/^delete the rows of (.+) \(id (\S+)\) from (\S+)$/, 'hapus data $1 (id $2) dari $3'],
  [/^drop account (\S+)$/, 'hapus akun $1'],
  [/^look at (\S+) again and record what it answers$/, 'amati $1 sekali lagi dan catat jawabannya'],
  [/^migrate (\S+) to (\S+) as its owner$/, 'migrasikan $1 ke $2 dengan akun pemilik'],
  [/^place (\S+) in (\S+)$/, 'tempatkan $1 di $2'],
  [/^place (\S+) in (\S+) again$/, 'tempatkan lagi $1 di $2'],
  [
    /^replace the container of (\S+) \((.+)\); its desa are away for some seconds$/,
    'ganti kontainer $1 ($2); desa di dalamnya terputus beberapa detik',
  ],
  [/^serve HTTP alone$/, 'sajikan HTTP saja'],
  [
    /^ask (\S+) for certificates of (\d+) domains, contact (\S*)$/,
    'minta sertifikat untuk $2 domain kepada $1, kontak $3',
  ],
  [/^serve HTTPS with the certificates that were given: (.+)$/, 'sajikan HTTPS dengan sertifikat yang diberikan: $1'],
  [
    /^serve HTTPS with certificates that the gateway signs itself; browsers warn of them$/,
    'sajikan HTTPS dengan sertifikat buatan gerbang sendiri; browser memperingatkannya',
  ],
  [/^believe (.+) about visitors$/, 'percayai $1 tentang pengunjung'],
  [/^no certificate covers (.+): HTTP stays there$/, 'tidak ada sertifikat yang memuat $1: tetap HTTP di sana'],
  [
    /^make (\S+) anew \((.+)\): its desa are away for some seconds$/,
    'buat $1 baru ($2): semua desanya terputus beberapa detik',
  ],
  [/^tell (\S+) how it serves HTTPS$/, 'beri tahu $1 cara menyajikan HTTPS'],
  [/^start (\S+)$/, 'jalankan $1'],
  [/^record the way of HTTPS: (\S+)$/, 'catat cara HTTPS: $1'],
  [/^start the container of gabungan (\S+)$/, 'jalankan kontainer gabungan $1'],
  [/^put back (\d+) routes$/, 'pasang kembali $1 rute'],
  [
    /^start (\S+) and put back what is missing of (\d+) routes$/,
    'jalankan $1 dan pasang kembali yang hilang dari $2 rute',
  ],
  [/^remove container (\S+); its volumes stay$/, 'hapus kontainer $1; volumenya tetap'],
  [/^pool and tree are the ones that the records ask for$/, 'yang ditulis adalah yang tercatat'],
  [/^a (?:database|gateway) that runs is left running$/, 'yang sudah berjalan dibiarkan berjalan'],
  [
    /^nobody knows what it was started for; its volumes are there$/,
    'tidak diketahui untuk apa kontainer itu; volumenya masih ada',
  ],
  [/^prepare folder (\S+) for uid (\d+)$/, 'siapkan folder $1 untuk uid $2'],
  [
    /^register (.+) beside (\d+) other desa in (\S+), administrator password (.+)$/,
    'daftarkan $1 bersama $2 desa lain di $3, kata sandi admin $4',
  ],
  [/^route (\S+) to (\S+)$/, 'alihkan jalur $1 ke $2'],
  [/^start runtime (\S+) from (\S+)$/, 'jalankan $1 dari $2'],
  [/^stop runtime (\S+): its last desa has left$/, 'hentikan $1: desa terakhirnya sudah pindah'],
  [/^take (\S+) out of (\S+)$/, 'keluarkan $1 dari $2'],
  [
    /^move (.+) from (\S+) to (\S+), uid (\d+) there, (\d+) MiB(.*)$/,
    'pindahkan $1 dari $2 ke $3, di sana sebagai uid $4, $5 MiB$6',
  ],
  [
    /^copy (\S+) to (\S+) while it serves: (\d+) files and folders, (\d+) MiB, about (\d+) s$/,
    'salin $1 ke $2 selagi melayani: $3 berkas dan folder, $4 MiB, kira-kira $5 detik',
  ],
  [
    /^copy (\S+) to (\S+) while it serves: (\d+) files and folders, (\d+) MiB$/,
    'salin $1 ke $2 selagi melayani: $3 berkas dan folder, $4 MiB',
  ],
  [
    /^copy what changed in (\S+) meanwhile and compare every file$/,
    'salin yang berubah di $1 sementara itu, lalu bandingkan semua berkas',
  ],
  [
    /^show the maintenance page of (\S+) \(about (\d+) s, as moves took before\)$/,
    'tampilkan halaman perawatan $1 (kira-kira $2 detik, seperti pemindahan sebelumnya)',
  ],
  [
    /^show the maintenance page of (\S+) \(how long is not known yet\)$/,
    'tampilkan halaman perawatan $1 (lamanya belum diketahui)',
  ],
  [/^show the maintenance page of (\S+) on (\S+) too$/, 'tampilkan halaman perawatan $1 juga di $2'],
  [
    /^stop (\S+) on (\S+) and (\S+), so that nothing is written$/,
    'hentikan $1 di $2 dan $3, supaya tidak ada yang ditulis',
  ],
  [/^pass visitors of (\S+) on (\S+) on to (\S+)$/, 'teruskan pengunjung $1 di $2 ke $3'],
  [
    /^record (\S+) as the server of (.+); (\S+) keeps its folder for a day$/,
    'catat $1 sebagai server $2; $3 menyimpan foldernya selama sehari',
  ],
  [
    /^ask (\S+) on (\S+), as visitors do, and record what it answers$/,
    'tanya $1 di $2 seperti pengunjung, dan catat jawabannya',
  ],
  [/^pass no visitors of (\S+) on from (\S+) any more$/, 'akhiri penerusan pengunjung $1 dari $2'],
  [/^delete (\S+) on (\S+)$/, 'hapus $1 di $2'],
  [/^record that (\S+) keeps nothing any more$/, 'catat bahwa $1 tidak menyimpan apa-apa lagi'],
  [/^the copy goes with its folder$/, 'salinannya hilang bersama foldernya'],
  [/^the desa stands there by then$/, 'saat itu desa sudah berada di sana'],
  [/^what the desa has stands at its new place$/, 'milik desa berada di tempat barunya'],
  [/^ask server (\S+)$/, 'tanya server $1'],
  [/^(\S+) answers$/, '$1 menjawab'],
  [/^the host key is the confirmed one, (\S+)$/, 'kunci server sama dengan yang dikonfirmasi, $1'],
  [
    /^put our key into the authorized_keys of (\S+), by the password given$/,
    'pasang kunci kita di authorized_keys milik $1 dengan kata sandi yang diberikan',
  ],
  [/^(\S+) is root$/, '$1 adalah root'],
  [/^(\S+) is in group docker$/, '$1 ada di kelompok docker'],
  [/^(\S+) may use sudo$/, '$1 boleh memakai sudo'],
  [/^run as root: (.+)$/, 'jalankan sebagai root: $1'],
  [/^looked at once Docker is installed$/, 'diperiksa setelah Docker terpasang'],
  [/^(\d+) MiB memory$/, 'memori $1 MiB'],
  [/^(\d+) MiB free$/, '$1 MiB kosong'],
  [/^its clock differs by (\S+) s$/, 'jamnya berbeda $1 detik'],
  [/^ports (\S+) and (\S+) are free$/, 'port $1 dan $2 kosong'],
  [/^ports (\S+) and (\S+) are held by our gateway$/, 'port $1 dan $2 dipakai gerbang kita'],
  [/^there is no gabungan on another server yet$/, 'belum ada gabungan di server lain'],
  [
    /^nobody said where other servers reach (\S+) with gabungan (\S+)$/,
    'belum ada alamat dalam untuk server $1 tempat gabungan $2',
  ],
  [
    /^gabungan (\S+) on (\S+) \((\S+)\) is reached once the first desa elsewhere opens a way$/,
    'gabungan $1 di $2 ($3) dicapai setelah desa pertama di server lain membuka jalur',
  ],
  [/^sshd does not let us ask for gabungan (\S+) at (\S+)$/, 'sshd tidak mengizinkan kita mencoba gabungan $1 di $2'],
  [/^reaches gabungan (\S+) at (\S+)$/, 'mencapai gabungan $1 di $2'],
  [
    /^does not reach gabungan (\S+) at (\S+): open that port for this server$/,
    'tidak mencapai gabungan $1 di $2: buka porta itu untuk server ini',
  ],
  [/^open the way (\S+) on (\S+) to (\S+) \((\S+)\)$/, 'buka jalur $1 di $2 ke $3 ($4)'],
  [
    /^close the way (\S+) on (\S+) to (\S+) \((\S+)\): its last desa has left$/,
    'tutup jalur $1 di $2 ke $3 ($4): desa terakhirnya sudah pergi',
  ],
  [/^ask through (\S+) on (\S+) to (\S+) \((\S+)\)$/, 'tanya lewat $1 di $2 ke $3 ($4)'],
  [/^a way is opened anew whenever a desa wants it$/, 'jalur dibuka lagi kapan pun ada desa yang memerlukannya'],
  [/^record (\S+) as ready$/, 'catat $1 sebagai siap'],
  [/^put a new key beside the old one on (\S+)$/, 'pasang kunci baru di samping yang lama di $1'],
  [/^log in with the new key from now on$/, 'mulai sekarang masuk dengan kunci baru'],
  [/^remove the old key from (\S+)$/, 'hapus kunci lama dari $1'],
  [
    /^the key stays: the password is used up, and the next try needs it$/,
    'kunci tetap: kata sandinya sudah terpakai, dan percobaan berikutnya memerlukannya',
  ],
  [
    /^a Docker Engine is not taken away: containers of others may stand on it$/,
    'Docker tidak dicabut: wadah orang lain mungkin berjalan di atasnya',
  ],
  [
    /^the new key is in use; the old one opens nothing any more$/,
    'kunci baru sudah dipakai; yang lama tidak membuka apa pun',
  ],
  [/^looks only$/, 'hanya mengamati'],
  [/^looks only; what it recorded is what it saw$/, 'hanya mengamati; yang dicatat adalah yang terlihat'],
  [/^a backup is kept$/, 'cadangan tetap disimpan'],
  [
    /^a runtime is made anew from its release whenever a desa wants it$/,
    'tempat ini dibuat lagi dari rilisnya kapan pun dibutuhkan',
  ],
  [
    /^a schema change serves every desa of the gabungan and the old code goes on serving on it; the backup of this run holds the rows$/,
    'perubahan skema berlaku untuk semua desa dalam gabungan dan kode lama tetap berjalan di atasnya; cadangan pekerjaan ini menyimpan datanya',
  ],
];

export const inIndonesian = (sentence: string): string => {
  for (const [pattern, words] of sentences) if (pattern.test(sentence)) return sentence.replace(pattern, words);
  return sentence;
};

export const sayOf = (sentence: string): string => (currentLanguage() === 'id' ? inIndonesian(sentence) : sentence);
