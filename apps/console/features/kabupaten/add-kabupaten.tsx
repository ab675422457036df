import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { undotted } from '../../kit/format.js';
import { post } from '../../kit/http.js';
import { FormDialog } from '../../ui/form-dialog.js';

const AddKabupaten = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const add = async ({ code }: Record<string, string>) => {
    await post('/kabupaten', { code: undotted(code ?? '') });
    await client.invalidateQueries();
  };
  const check = (value: string) => (/^\d{4}$/.test(undotted(value)) ? null : t('kabupaten.code.wrong'));
  return (
    <FormDialog
      title={t('first.kabupaten.do')}
      verb={t('form.add')}
      fields={[{ name: 'code', label: t('kabupaten.code'), hint: t('kabupaten.code.hint'), check }]}
      onClose={onClose}
      onSubmit={add}
    />
  );
};

export default AddKabupaten;
