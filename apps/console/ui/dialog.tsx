import { CloseButton, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  title: string;
  size?: string;
  /** Only a button closes it, no key and no click beside it: what it shows is shown once. */
  isKept?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog with its own heading: the library's header would be a second banner of the page. */
export const Dialog = ({ title, size, isKept = false, onClose, children }: Props) => {
  const { t } = useTranslation();
  return (
    <Modal.Root opened onClose={onClose} size={size} closeOnClickOutside={!isKept} closeOnEscape={!isKept}>
      <Modal.Overlay />
      <Modal.Content aria-label={title}>
        <Modal.Body pt="md">
          <div className="page-head">
            <h2>{title}</h2>
            <CloseButton aria-label={t('form.close')} onClick={onClose} />
          </div>
          {children}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
};
