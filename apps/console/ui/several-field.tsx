import { Checkbox } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  label: string;
  description?: string;
  required?: boolean;
  error?: ReactNode;
  choices: { value: string; label: string }[];
  /** Chosen values with commas: a form holds text. */
  value?: string;
  onChange?: (value: string) => void;
}

/** Any number of a list that may be long: it scrolls by itself. */
export const SeveralField = ({ label, description, required, error, choices, value, onChange }: Props) => (
  <Checkbox.Group
    mb="sm"
    label={label}
    description={description}
    required={required}
    error={error}
    value={value ? value.split(',') : []}
    onChange={(chosen) => onChange?.(chosen.join(','))}
  >
    <div style={{ maxHeight: 220, overflow: 'auto', padding: '6px 0' }}>
      {choices.map((choice) => (
        <Checkbox key={choice.value} value={choice.value} label={choice.label} size="xs" my={6} />
      ))}
    </div>
  </Checkbox.Group>
);
