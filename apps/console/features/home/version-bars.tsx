import type { Home } from '#libs/contract/contract.js';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { number } from '../../kit/format.js';
import { query } from '../../kit/http.js';
import { currentLanguage, wordFor } from '../../kit/words.js';

const shades = ['#1c6b5a', '#48ad91', '#7f8c99', '#b08a3e', '#8a6fb5'];

/** One row per app: how many desa answer with which version; each part leads to exactly those desa. */
export const VersionBars = ({ versions }: { versions: Home['versions'] }) => {
  const { t } = useTranslation();
  const language = currentLanguage();
  if (versions.length === 0) return null;
  return (
    <section className="section" aria-label={t('home.versions')}>
      <h2>{t('home.versions')}</h2>
      {versions.map(({ app, bars, total }) => (
        <div key={app} style={{ padding: '10px 0' }}>
          <div style={{ display: 'flex', flexWrap: 'wrap', gap: '4px 16px', marginBottom: 6 }}>
            <strong>{wordFor('app', app)}</strong>
            {bars.map((bar, position) => (
              <Link key={bar.version ?? ''} className="link" to={`/desa${query({ app, version: bar.version })}`}>
                <svg width="10" height="10" aria-hidden style={{ marginRight: 6 }}>
                  <rect width="10" height="10" rx="2" fill={shades[position % shades.length]} />
                </svg>
                {t('home.desaOn', { amount: number(bar.count, language), version: bar.version ?? t('version.none') })}
              </Link>
            ))}
          </div>
          <div className="bar" aria-hidden>
            {bars.map((bar, position) => (
              <span
                key={bar.version ?? ''}
                style={{ flexGrow: bar.count, background: shades[position % shades.length] }}
              />
            ))}
          </div>
          <p className="none">{t('home.total', { amount: number(total, language) })}</p>
        </div>
      ))}
    </section>
  );
};
