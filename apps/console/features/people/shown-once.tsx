import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Copy } from '../../ui/copy.js';
import { Dialog } from '../../ui/dialog.js';

interface Props {
  title: string;
  why: string;
  pairs: [label: string, value: string][];
  onClose: () => void;
}

/** What the server tells once stands until a person closes it; a slip of hand does not. */
export const ShownOnce = ({ title, why, pairs, onClose }: Props) => {
  const { t } = useTranslation();
  return (
    <Dialog title={title} isKept onClose={onClose}>
      <div className="problem notice" role="status">
        <p>{why}</p>
        <dl className="facts">
          {pairs.map(([label, value]) => (
            <div key={label} style={{ display: 'contents' }}>
              <dt>{label}</dt>
              <dd>
                <span className="code">{value}</span> <Copy value={value} label={t('once.copy', { what: label })} />
              </dd>
            </div>
          ))}
        </dl>
      </div>
      <Button onClick={onClose}>{t('once.done')}</Button>
    </Dialog>
  );
};
