import { useTranslation } from 'react-i18next';
import { useMe } from '../../kit/me.js';
import { dotted, titled } from '../../kit/format.js';
import type { Field } from '../../ui/form-dialog.js';

/** The kabupaten of a new server or gabungan: asked only as a choice among those a person may see. */
export const useKabupatenField = (): Field => {
  const { t } = useTranslation();
  const { kabupaten } = useMe();
  const choices = kabupaten.map(({ code, name }) => ({ value: code, label: `${dotted(code)} ${titled(name)}` }));
  return { name: 'kabupaten', label: t('kabupaten.label'), kind: 'choice', choices, initial: choices[0]?.value };
};
