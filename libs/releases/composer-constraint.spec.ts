import { satisfies } from './composer-constraint.js';

describe('a constraint of composer', () => {
  it.each([
    ['>=8.1', '8.2.29', true],
    ['>=8.3', '8.2.29', false],
    ['>= 8.1', '8.2.29', true],
    ['^8.1', '8.4.11', true],
    ['^8.1', '7.4.33', false],
    ['^7.2 || ^8.0', '8.2.29', true],
    ['^7.1|^8.0', '7.4.33', true],
    ['^7.1|^8.0', '9.0.0', false],
    ['~8.1.0', '8.2.29', false],
    ['~8.1', '8.2.29', true],
    ['~8.1', '9.0.0', false],
    ['~8', '8.4.11', true],
    ['~7.4.0 || ~8.0.0 || ~8.2.0', '8.2.29', true],
    ['8.2.*', '8.2.29', true],
    ['8.2.*', '8.4.11', false],
    ['8.*', '8.4.11', true],
    ['*', '7.4.33', true],
    ['', '7.4.33', true],
    ['>=7.2,<8.3', '8.2.29', true],
    ['>=7.2 <8.2', '8.2.29', false],
    ['7.1 - 8.2', '8.2.29', true],
    ['7.1 - 8.1', '8.2.29', false],
    ['>=5.3.0 <9 !=8.2.29', '8.2.29', false],
    ['^8.2@dev', '8.2.29', true],
    ['>8.1', '8.2.29', true],
    ['<=8.1.99', '8.2.29', false],
    ['==8.2.29', '8.2.29', true],
    ['what composer may say one day', '8.2.29', true],
  ])('%j and %s: %s', (constraint, version, fits) => expect(satisfies(version, constraint)).toBe(fits));
});
