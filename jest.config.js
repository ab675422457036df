/** Suites of one config: unit beside the code; medium with real engines; e2e over the built product, the console apart; chaos only with `npm run test:chaos`. */
const suite = (name, testMatch, extra = {}) => ({
  displayName: name,
  testEnvironment: 'node',
  testMatch,
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^#libs/(.*)\\.js$': '<rootDir>/libs/$1.ts',
    '^#test/(.*)\\.js$': '<rootDir>/test/$1.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2022',
        },
        module: { type: 'es6' },
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/data/'],
  ...extra,
});

export default {
  testSequencer: '<rootDir>/test/longest-first.mjs',
  projects: [
    suite('unit', ['<rootDir>/{apps,libs,templates,docker}/**/*.spec.ts']),
    suite('medium', ['<rootDir>/test/medium/**/*.spec.ts']),
    suite('e2e', ['<rootDir>/test/e2e/**/*.spec.ts'], { testPathIgnorePatterns: ['/test/e2e/console'] }),
    suite('console', ['<rootDir>/test/e2e/console*.spec.ts']),
    suite('chaos', ['<rootDir>/test/chaos/**/*.spec.ts']),
  ],
};
