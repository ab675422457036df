import type { Me } from '#libs/contract/contract.js';
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { LanguageButton } from '../../app/account-menu.js';
import { post, problemOf } from '../../kit/http.js';
import { ProblemBox } from '../../ui/problem-box.js';

const Login = () => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const login = useMutation({
    mutationFn: () => post<Me>('/session', { username, password }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['me'] }),
  });
  useEffect(() => {
    document.title = `${t('login.title')} · SiapPakai`;
  }, [t]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    login.mutate();
  };
  return (
    <main style={{ maxWidth: 340, margin: '12vh auto 0', padding: 16 }}>
      <h1>Dasbor SiapPakai</h1>
      <p className="soft">{t('login.purpose')}</p>
      <form onSubmit={submit}>
        <TextInput
          label={t('login.username')}
          autoComplete="username"
          required
          withAsterisk={false}
          value={username}
          onChange={(event) => setUsername(event.target.value)}
          mb="sm"
        />
        <PasswordInput
          label={t('login.password')}
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          mb="md"
        />
        {login.isError && <ProblemBox problem={problemOf(login.error)} />}
        <Button type="submit" loading={login.isPending} fullWidth>
          {t('login.enter')}
        </Button>
      </form>
      <p style={{ marginTop: 24 }}>
        <LanguageButton />
      </p>
    </main>
  );
};

export default Login;
