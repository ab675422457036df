import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconLoader2,
  IconPlayerPause,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Look } from '../kit/state.js';

const icons = {
  good: IconCircleCheck,
  busy: IconLoader2,
  waiting: IconClock,
  held: IconPlayerPause,
  attention: IconAlertTriangle,
  broken: IconCircleX,
} satisfies Record<Look, unknown>;

/** Colour, icon and word always together. Without a more exact word the look's own is shown. */
export const StateLook = ({ look, children }: { look: Look; children?: ReactNode }) => {
  const { t } = useTranslation();
  const Icon = icons[look];
  return (
    <span className={`look look-${look}`}>
      <Icon size={16} stroke={2} aria-hidden />
      {children ?? t(`look.${look}`)}
    </span>
  );
};
