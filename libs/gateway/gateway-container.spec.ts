import { container } from '#test/factories/looks.js';
import { wantedSettings } from '#libs/servers/settings.js';
import { gatewayContainerOf, gatewayFaults } from './gateway-container.js';
import { NO_HTTPS } from './https.js';

const place = { container: 'sp-gateway-pusat', image: 'gateway:2', httpPort: 80, httpAddress: '0.0.0.0' };
const off = gatewayContainerOf(place, NO_HTTPS);
const on = gatewayContainerOf(place, { ...NO_HTTPS, way: 'own', address: '10.0.0.5' });
const held = (settings = wantedSettings(off), image = 'gateway:2') => container(place.container, { image, settings });

describe('the container of a gateway', () => {
  it('opens the port of HTTPS only when there is a way', () => {
    expect(wantedSettings(off).ports).toEqual(['0.0.0.0:80>8080']);
    expect(wantedSettings(on).ports).toEqual(['0.0.0.0:80>8080', '10.0.0.5:443>8443']);
  });
  it('keeps its certificates when it is made anew', () =>
    expect(wantedSettings(on).mounts).toContain('sp-gateway-pusat-certificates:/data'));
  it('is as wanted, whatever networks it has joined', () =>
    expect(gatewayFaults(off, held({ ...wantedSettings(off), networks: ['sp-edge', 'sp-net-satu'] }))).toEqual([]));
  it('tells in what it differs', () => {
    expect(gatewayFaults(on, held())).toEqual(['ports']);
    expect(gatewayFaults(off, held(undefined, 'gateway:1'))).toEqual(['image']);
    expect(gatewayFaults(off, held({ ...wantedSettings(off), memoryMiB: 8 }))).toEqual(['memoryMiB']);
  });
});
