<?php

/**
 * `php packages.php fetch`: brings every package of composer.lock into the cache, from the operator's repositories where
 * they have it, else from where the lock says, else from any repository that has it; the lock then says where each lies.
 * `php packages.php explain`: which packages that composer.json leads to no repository has.
 * Prints one line of JSON: {missing: [..], extensions: [..], silent: [..]}; runs no code of a package.
 */

use Composer\Composer;
use Composer\Factory;
use Composer\IO\BufferIO;
use Composer\Package\AliasPackage;
use Composer\Package\Dumper\ArrayDumper;
use Composer\Package\PackageInterface;
use Composer\Package\RootPackageInterface;
use Composer\Repository\PlatformRepository;
use Composer\Repository\RepositoryFactory;
use Composer\Repository\RepositoryInterface;
use Composer\Semver\Constraint\Constraint;

require '/usr/share/php/Composer/autoload.php';
error_reporting(E_ALL & ~E_DEPRECATED & ~E_USER_DEPRECATED);

const DIST = ['dist', 'source'];
/** Composer's own list has another name in each of Debian's versions of it. */
const STABILITIES = ['stable' => 0, 'RC' => 5, 'beta' => 10, 'alpha' => 15, 'dev' => 20];

final class Packages
{
    private Composer $composer;
    /** @var array<string, string> repositories that did not answer, and what they said instead */
    private array $silent = [];

    public function __construct()
    {
        $this->composer = Factory::create(new BufferIO(), null, true, true);
    }

    public function fetch(): array
    {
        $wanted = $this->locked();
        $found = $this->ask($this->operators(), $wanted);
        foreach ($found as $name => $package) $this->takeFrom($wanted[$name], $package);
        $failed = $this->download($wanted);
        $elsewhere = $failed ? $this->ask($this->others(), array_intersect_key($wanted, $failed)) : [];
        foreach ($elsewhere as $name => $package) $this->takeFrom($wanted[$name], $package);
        $failed = array_merge(array_diff_key($failed, $elsewhere), $this->download(array_intersect_key($wanted, $elsewhere)));
        $this->writeLock(array_intersect_key($wanted, $found + $elsewhere));
        return $this->told(array_map(fn (string $name) => "$name {$wanted[$name]->getPrettyVersion()}", array_keys($failed)), $this->extensions($wanted));
    }

    /** @return array<string, PackageInterface> */
    private function locked(): array
    {
        $packages = [];
        foreach ($this->composer->getLocker()->getLockedRepository(false)->getPackages() as $package)
            if (!$package instanceof AliasPackage) $packages[$package->getName()] = $package;
        return $packages;
    }

    /** @return RepositoryInterface[] those of our own config.json */
    private function operators(): array
    {
        $config = Factory::createConfig(new BufferIO());
        $named = array_filter($config->getRepositories(), fn ($key) => $key !== 'packagist.org', ARRAY_FILTER_USE_KEY);
        $manager = $this->composer->getRepositoryManager();
        return array_map(fn (array $one) => RepositoryFactory::createRepo(new BufferIO(), $config, $one, $manager), $named);
    }

    /** @return RepositoryInterface[] the release's own, and Packagist unless it is switched off */
    private function others(): array
    {
        return $this->composer->getRepositoryManager()->getRepositories();
    }

    /**
     * @param RepositoryInterface[] $repositories the first that has a package gives it
     * @param array<string, PackageInterface> $wanted
     * @return array<string, PackageInterface>
     */
    private function ask(array $repositories, array $wanted): array
    {
        $found = [];
        foreach ($repositories as $repository) {
            $names = array_map(fn (PackageInterface $one) => new Constraint('==', $one->getVersion()), array_diff_key($wanted, $found));
            foreach ($this->load($repository, $names) as $package) $found[$package->getName()] ??= $package;
        }
        return $found;
    }

    /** @return PackageInterface[] */
    private function load(RepositoryInterface $repository, array $names, ?array $stabilities = null, array $flags = []): array
    {
        if (!$names) return [];
        try {
            $answer = $repository->loadPackages($names, $stabilities ?? STABILITIES, $flags);
        } catch (\Composer\Downloader\TransportException $error) {
            $this->silent[$repository->getRepoName()] = $error->getMessage();
            return [];
        }
        return array_filter($answer['packages'], fn ($package) => !$package instanceof AliasPackage);
    }

    private function takeFrom(PackageInterface $package, PackageInterface $found): void
    {
        $package->setDistType($found->getDistType());
        $package->setDistUrl($found->getDistUrl());
        $package->setDistReference($found->getDistReference());
        $package->setDistSha1Checksum($found->getDistSha1Checksum());
        $package->setDistMirrors($found->getDistMirrors());
        $package->setSourceType($found->getSourceType());
        $package->setSourceUrl($found->getSourceUrl());
        $package->setSourceReference($found->getSourceReference());
        $package->setSourceMirrors($found->getSourceMirrors());
    }

    /** @return array<string, string> what could not be had, and why */
    private function download(array $packages): array
    {
        [$failed, $promises] = [[], []];
        foreach ($packages as $name => $package) {
            if ($package->getType() === 'metapackage') continue;
            $fail = function (\Throwable $error) use (&$failed, $name): void {
                $failed[$name] = $error->getMessage();
                fwrite(STDERR, "$name: " . strtok($error->getMessage(), "\n") . "\n");
            };
            try {
                $promises[] = $this->composer->getDownloadManager()->download($package, "/tmp/fetched/$name")->then(null, $fail);
            } catch (\Exception $error) {
                $fail($error);
            }
        }
        if ($promises) $this->composer->getLoop()->wait($promises);
        return $failed;
    }

    private function writeLock(array $changed): void
    {
        if (!$changed) return;
        $lock = json_decode(file_get_contents('composer.lock'), true);
        foreach ($lock['packages'] as &$entry) {
            $package = $changed[strtolower($entry['name'])] ?? null;
            if (!$package) continue;
            $dumped = (new ArrayDumper())->dump($package);
            $entry = array_diff_key($entry, array_flip(DIST)) + array_intersect_key($dumped, array_flip(DIST));
        }
        file_put_contents('composer.lock', json_encode($lock, JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE));
    }

    /** @return string[] what this PHP lacks, with who wants it */
    private function extensions(array $packages): array
    {
        $here = (new PlatformRepository())->getPackages();
        $given = array_map(fn (PackageInterface $one) => $one->getName(), $here);
        foreach ($packages as $package) array_push($given, ...array_keys($package->getProvides() + $package->getReplaces()));
        $wanted = [];
        foreach ($packages + [$this->composer->getPackage()] as $package)
            foreach (array_keys($package->getRequires()) as $name)
                if (strpos($name, 'ext-') === 0 && !in_array($name, $given, true)) $wanted[$name][] = $package->getName();
        ksort($wanted);
        return array_map(fn (string $name, array $by) => "$name (" . implode(', ', $by) . ')', array_keys($wanted), $wanted);
    }

    public function explain(): array
    {
        $root = $this->composer->getPackage();
        [$missing, $chosen, $next] = [[], [], $root->getRequires()];
        $given = [$root->getName() => true];
        while ($next = array_filter($next, fn ($link) => !PlatformRepository::isPlatformPackage($link->getTarget()))) {
            $names = array_map(fn ($link) => $link->getConstraint(), $next);
            $found = $this->newest($names, $root);
            $missing += array_diff_key($next, $found);
            $chosen += $found;
            $next = [];
            foreach ($found as $package) {
                foreach ($package->getProvides() + $package->getReplaces() as $link) $given[$link->getTarget()] = true;
                foreach ($package->getRequires() as $link) $next[$link->getTarget()] = $link;
            }
            $next = array_diff_key($next, $chosen, $missing);
        }
        $missing = array_filter($missing, fn ($link) => !isset($given[$link->getTarget()]));
        return $this->told(array_map(fn ($link) => "{$link->getTarget()} {$link->getPrettyConstraint()}", array_values($missing)), []);
    }

    /** @return array<string, PackageInterface> the newest of each that fits, as a solver would try first */
    private function newest(array $names, RootPackageInterface $root): array
    {
        $level = STABILITIES[$root->getMinimumStability()];
        $stabilities = array_filter(STABILITIES, fn (int $one) => $one <= $level);
        $newest = [];
        foreach ($this->others() as $repository)
            foreach ($this->load($repository, $names, $stabilities, $root->getStabilityFlags()) as $package) {
                $name = $package->getName();
                if (!$names[$name]->matches(new Constraint('==', $package->getVersion())) || !$this->runsHere($package)) continue;
                $best = $newest[$name] ?? null;
                if (!$best || version_compare($package->getVersion(), $best->getVersion()) > 0) $newest[$name] = $package;
            }
        return $newest;
    }

    private function runsHere(PackageInterface $package): bool
    {
        $here = new Constraint('==', PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION . '.' . PHP_RELEASE_VERSION . '.0');
        $demands = array_intersect_key($package->getRequires(), ['php' => 1, 'php-64bit' => 1]);
        foreach ($demands as $link) if (!$link->getConstraint()->matches($here)) return false;
        return true;
    }

    private function told(array $missing, array $extensions): array
    {
        sort($missing);
        return ['missing' => $missing, 'extensions' => $extensions, 'silent' => array_keys($this->silent)];
    }
}

$verb = $argv[1] ?? '';
if (!in_array($verb, ['fetch', 'explain'], true)) exit(64);
echo json_encode((new Packages())->$verb(), JSON_UNESCAPED_SLASHES), "\n";
