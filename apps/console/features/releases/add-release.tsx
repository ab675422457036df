import type { Release } from '#libs/contract/contract.js';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { post } from '../../kit/http.js';
import { FormDialog } from '../../ui/form-dialog.js';

const appChoices = [
  { value: 'opensid', label: 'OpenSID' },
  { value: 'pbb', label: 'PBB' },
  { value: 'api', label: 'API Layanan Mandiri' },
];

/** What begins with a slash is a path on the machine of the control plane; anything else is a tag of the public repository. */
export const AddRelease = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const add = async ({ app, source = '' }: Record<string, string>) => {
    const release = await post<Release>(
      '/releases',
      source.startsWith('/') ? { app, path: source } : { app, github: source },
    );
    await client.invalidateQueries({ queryKey: ['releases'] });
    return `/releases/${release.app}/${release.version}`;
  };
  const check = (value: string) =>
    value.startsWith('/') || value === 'latest' || /^v\d{4}\.\d+\.\d+/.test(value) ? null : t('release.source.wrong');
  return (
    <FormDialog
      title={t('release.add')}
      verb={t('form.add')}
      onClose={onClose}
      onSubmit={add}
      fields={[
        { name: 'app', label: t('app.label'), kind: 'choice', choices: appChoices, initial: 'opensid' },
        { name: 'source', label: t('release.source'), hint: t('release.source.hint'), initial: 'latest', check },
      ]}
    />
  );
};
