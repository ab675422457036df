import { Button, PasswordInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { post, problemOf } from '../../kit/http.js';
import { ProblemBox } from '../../ui/problem-box.js';

const shortest = 12;

/** The old one once, the new one twice. */
export const PasswordForm = ({ onChanged }: { onChanged?: () => Promise<unknown> }) => {
  const { t } = useTranslation();
  const form = useForm({
    initialValues: { current: '', next: '', again: '' },
    validate: {
      current: (value) => (value ? null : t('form.required')),
      next: (value) => (value.length >= shortest ? null : t('password.short')),
      again: (value, { next }) => (value === next ? null : t('password.differs')),
    },
  });
  const change = useMutation({
    mutationFn: ({ current, next }: typeof form.values) => post('/me/password', { current, next }),
    onSuccess: async () => {
      form.reset();
      await onChanged?.();
    },
    gcTime: 0,
  });
  const field = (name: 'current' | 'next' | 'again') => ({
    label: t(`password.${name}`),
    required: true,
    withAsterisk: false,
    mb: 'sm',
    autoComplete: name === 'current' ? 'current-password' : 'new-password',
    ...form.getInputProps(name),
  });
  return (
    <form noValidate style={{ maxWidth: 340 }} onSubmit={form.onSubmit((values) => change.mutate(values))}>
      <PasswordInput {...field('current')} />
      <PasswordInput {...field('next')} description={t('password.hint')} />
      <PasswordInput {...field('again')} />
      {change.isError && <ProblemBox problem={problemOf(change.error)} />}
      <div role="status">{change.isSuccess && <p className="soft">{t('password.changed')}</p>}</div>
      <Button type="submit" size="xs" loading={change.isPending}>
        {t('password.change')}
      </Button>
    </form>
  );
};
