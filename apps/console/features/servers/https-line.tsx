import type { Run } from '#libs/contract/contract.js';
import type { Server } from '#libs/contract/servers.js';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { put } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { FormDialog } from '../../ui/form-dialog.js';

const WAYS = ['acme', 'own', 'off', 'internal'] as const;

const listOf = (text = ''): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);

/** Leads to the run that makes it true, or to its plan. */
const SetHttps = ({ server, onClose }: { server: Server; onClose: () => void }) => {
  const { t } = useTranslation();
  const set = async ({ way, email, certificate, key, trust, act }: Record<string, string>): Promise<string> => {
    const run = await put<Run>(`/servers/${server.name}/https`, {
      way,
      ...(way === 'acme' && email ? { email } : {}),
      ...(certificate ? { certificates: [{ certificate, key }] } : {}),
      trustedProxies: listOf(trust),
      dryRun: act === 'plan',
    });
    return `/runs/${run.id}`;
  };
  return (
    <FormDialog
      title={t('https.set')}
      verb={t('https.set')}
      onClose={onClose}
      onSubmit={set}
      fields={[
        {
          name: 'way',
          label: t('https.way'),
          kind: 'choice',
          choices: WAYS.map((way) => ({ value: way, label: t(`https.way.${way}`) })),
          initial: server.https === 'off' ? 'acme' : server.https,
        },
        { name: 'email', label: t('https.email'), hint: t('https.email.hint'), isOptional: true },
        {
          name: 'certificate',
          label: t('https.certificate'),
          hint: t('https.certificate.hint'),
          kind: 'lines',
          isOptional: true,
        },
        { name: 'key', label: t('https.key'), hint: t('https.key.hint'), kind: 'lines', isOptional: true },
        { name: 'trust', label: t('https.trust'), hint: t('https.trust.hint'), isOptional: true },
        {
          name: 'act',
          label: t('https.act'),
          kind: 'choice',
          choices: (['plan', 'do'] as const).map((act) => ({ value: act, label: t(`https.act.${act}`) })),
          initial: 'plan',
        },
      ]}
    />
  );
};

/** How a server serves HTTPS, and the way to change it. */
export const HttpsLine = ({ server }: { server: Server }) => {
  const { t } = useTranslation();
  const { isAdmin } = useMe();
  const [isOpen, setOpen] = useState(false);
  return (
    <div style={{ flexBasis: '100%' }}>
      <span className="soft">{t(`https.now.${server.https}`)}</span>{' '}
      {isAdmin && (
        <Button size="compact-sm" variant="default" onClick={() => setOpen(true)}>
          {t('https.set')}
        </Button>
      )}
      {isOpen && <SetHttps server={server} onClose={() => setOpen(false)} />}
    </div>
  );
};
