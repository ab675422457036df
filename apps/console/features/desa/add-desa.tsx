import type { Desa } from '#libs/contract/contract.js';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { undotted } from '../../kit/format.js';
import { post } from '../../kit/http.js';
import { FormDialog } from '../../ui/form-dialog.js';

const hostName = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/i;

export const AddDesa = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const add = async ({ code = '', domain, name, sebutan }: Record<string, string>) => {
    const desa = await post<Desa>('/desa', {
      code: undotted(code),
      domain,
      ...(name ? { name } : {}),
      ...(sebutan ? { sebutan } : {}),
    });
    await client.invalidateQueries({ queryKey: ['desa'] });
    return `/desa/${desa.code}`;
  };
  return (
    <FormDialog
      title={t('desa.add')}
      verb={t('form.add')}
      onClose={onClose}
      onSubmit={add}
      fields={[
        {
          name: 'code',
          label: t('desa.code'),
          hint: t('desa.code.hint'),
          check: (value) => (/^\d{10}$/.test(undotted(value)) ? null : t('desa.code.wrong')),
        },
        {
          name: 'domain',
          label: t('desa.domain'),
          hint: t('desa.domain.hint'),
          check: (value) => (hostName.test(value) ? null : t('desa.domain.wrong')),
        },
        { name: 'name', label: t('desa.name'), hint: t('desa.name.hint'), isOptional: true },
        { name: 'sebutan', label: t('desa.sebutan'), hint: t('desa.sebutan.hint'), isOptional: true },
      ]}
    />
  );
};
