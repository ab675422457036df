import { readApp } from '#libs/templates/read-app.js';
import { webServerOf } from './web-server.js';

describe("nginx's server", () => {
  const app = readApp('templates/opensid');
  it('of an application without an address takes no path for a base', () => {
    expect(webServerOf(app)).not.toMatch(/\$base|\$asked|REQUEST_URI/);
    expect(webServerOf(app)).toContain('fastcgi_param SCRIPT_NAME /index.php;');
  });
  it('takes a base off before it looks at what is denied', () => {
    const text = webServerOf({ ...app, address: { path: '/pbb', prefix: 'base', rewrites: {} } });
    expect(text).toContain('fastcgi_param SCRIPT_NAME $base/index.php;');
    expect(text.indexOf('set $base')).toBeLessThan(text.indexOf('rewrite '));
    expect(text.indexOf('rewrite ')).toBeLessThan(text.indexOf('if ($denied)'));
  });
  it("leaves an application's own path and changes what it is asked for whole paths alone", () => {
    const text = webServerOf({ ...app, address: { path: '/api', prefix: 'own', rewrites: { '/api/versi': '/' } } });
    expect(text).toContain('map $uri $asked { default $request_uri; "/api/versi" "/$is_args$args"; }');
    expect(text).not.toMatch(/\$base|rewrite/);
  });
  it('serves what is said to be public, without links, and never runs it', () => {
    const text = webServerOf({ ...app, routes: { ...app.routes, static: { '/storage': 'storage/app/public' } } });
    const at = text.indexOf('alias /data/$site/storage/app/public/$file; disable_symlinks on from=/data/$site;');
    expect(at).toBeGreaterThan(text.indexOf('phtml'));
  });
});
