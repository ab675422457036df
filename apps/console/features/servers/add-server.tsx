import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { post } from '../../kit/http.js';
import { FormDialog } from '../../ui/form-dialog.js';
import { useKabupatenField } from '../kabupaten/kabupaten-choice.js';

const isPort = (value: string) => /^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= 65535;

export const AddServer = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const kabupaten = useKabupatenField();
  const add = async (values: Record<string, string>) => {
    await post('/servers', {
      kabupaten: values.kabupaten,
      name: values.name,
      httpPort: Number(values.httpPort),
      httpAddress: values.httpAddress,
      ...(values.ssh ? { ssh: values.ssh } : {}),
      ...(values.internalAddress ? { internalAddress: values.internalAddress } : {}),
    });
    await client.invalidateQueries({ queryKey: ['servers'] });
  };
  return (
    <FormDialog
      title={t('server.add')}
      verb={t('form.add')}
      onClose={onClose}
      onSubmit={add}
      fields={[
        kabupaten,
        {
          name: 'name',
          label: t('form.name'),
          hint: t('server.name.hint'),
          check: (value) => (/^[a-z][a-z0-9-]{0,30}$/.test(value) ? null : t('form.name.wrong')),
        },
        { name: 'ssh', label: t('server.ssh'), hint: t('server.ssh.hint'), isOptional: true },
        {
          name: 'internalAddress',
          label: t('server.internalAddress'),
          hint: t('server.internalAddress.hint'),
          isOptional: true,
        },
        {
          name: 'httpPort',
          label: t('server.httpPort'),
          initial: '80',
          check: (value) => (isPort(value) ? null : t('server.port.wrong')),
        },
        { name: 'httpAddress', label: t('server.httpAddress'), hint: t('server.httpAddress.hint'), initial: '0.0.0.0' },
      ]}
    />
  );
};
