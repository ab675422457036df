import type { Run } from '#libs/contract/contract.js';
import { useTranslation } from 'react-i18next';
import { dotted, undotted } from '../../kit/format.js';
import { useMe } from '../../kit/me.js';
import { FormDialog } from '../../ui/form-dialog.js';

interface Props {
  kabupatenId: string;
  verb: string;
  why: string;
  onClose: () => void;
  onTyped: (confirm: string) => Promise<Run>;
}

/** What cannot be taken back begins only after the code of the kabupaten was typed; then its run is shown. */
export const TypedDialog = ({ kabupatenId, verb, why, onClose, onTyped }: Props) => {
  const { t } = useTranslation();
  const code = useMe().kabupaten.find(({ id }) => id === kabupatenId)?.code ?? '';
  return (
    <FormDialog
      title={verb}
      verb={verb}
      onClose={onClose}
      onSubmit={async ({ confirm = '' }) => `/runs/${(await onTyped(undotted(confirm))).id}`}
      fields={[
        {
          name: 'confirm',
          label: t('confirm.kabupaten', { code: dotted(code) }),
          hint: why,
          check: (value) => (undotted(value) === code ? null : t('confirm.kabupaten.wrong')),
        },
      ]}
    />
  );
};
