import { Button, NativeSelect, PasswordInput, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { problemOf } from '../kit/http.js';
import { Dialog } from './dialog.js';
import { ProblemBox } from './problem-box.js';
import { SeveralField } from './several-field.js';

export interface Field {
  name: string;
  label: string;
  hint?: string;
  kind?: 'text' | 'password' | 'choice' | 'several' | 'lines' | 'date';
  choices?: { value: string; label: string }[];
  initial?: string;
  isOptional?: boolean;
  /** Says what is wrong, or nothing. */
  check?: (value: string) => string | null;
}

interface Props {
  title: string;
  verb: string;
  fields: Field[];
  onClose: () => void;
  /** Answers where to go next, when the form leads to a page of its own. */
  onSubmit: (values: Record<string, string>) => Promise<string | void>;
}

const inputs = { text: TextInput, password: PasswordInput, lines: Textarea, date: TextInput };
const extras = { lines: { rows: 6 }, date: { type: 'date' }, text: {}, password: {} };

/** Every form that adds something: fields, one verb, and the server's refusal shown where the person is looking. */
export const FormDialog = ({ title, verb, fields, onClose, onSubmit }: Props) => {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const form = useForm<Record<string, string>>({
    initialValues: Object.fromEntries(fields.map(({ name, initial }) => [name, initial ?? ''])),
    validate: Object.fromEntries(
      fields.map((field) => [
        field.name,
        (value: string) =>
          !value.trim() ? (field.isOptional ? null : t('form.required')) : (field.check?.(value.trim()) ?? null),
      ]),
    ),
  });
  const sent = useMutation({ mutationFn: onSubmit, onSuccess: (next) => (next ? void navigate(next) : onClose()) });

  return (
    <Dialog title={title} onClose={onClose}>
      <form
        noValidate
        onSubmit={form.onSubmit((values) =>
          sent.mutate(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.trim()]))),
        )}
      >
        {fields.map((field, position) => {
          const shared = {
            label: field.label,
            description: field.hint,
            mb: 'sm',
            required: !field.isOptional,
            'data-autofocus': position === 0 || undefined,
            ...form.getInputProps(field.name),
          };
          if (field.kind === 'choice') return <NativeSelect key={field.name} {...shared} data={field.choices ?? []} />;
          if (field.kind === 'several')
            return <SeveralField key={field.name} {...shared} choices={field.choices ?? []} />;
          const kind = field.kind ?? 'text';
          const Input = inputs[kind];
          return <Input key={field.name} {...shared} {...extras[kind]} />;
        })}
        {sent.isError && <ProblemBox problem={problemOf(sent.error)} />}
        <Button type="submit" loading={sent.isPending}>
          {verb}
        </Button>
      </form>
    </Dialog>
  );
};
