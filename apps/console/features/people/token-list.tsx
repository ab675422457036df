import type { TokenShown } from '#libs/contract/contract.js';
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { moment } from '../../kit/format.js';
import { get, problemOf, remove, type Page } from '../../kit/http.js';
import { useNow } from '../../kit/now.js';
import { currentLanguage } from '../../kit/words.js';
import { useZone } from '../../kit/zone.js';
import { Listing } from '../../ui/listing.js';
import { ProblemBox } from '../../ui/problem-box.js';

interface LineProps {
  path: string;
  token: TokenShown;
}

const TokenLine = ({ path, token }: LineProps) => {
  const { t } = useTranslation();
  const zone = useZone();
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => remove(`${path}/${token.id}`),
    onSettled: () => client.invalidateQueries({ queryKey: ['tokens', path] }),
  });
  const at = (time: string | null) => moment(time, zone, currentLanguage());
  const isOver = Date.parse(token.expiresAt) < useNow(false);
  return (
    <li>
      <span className="grow">
        {token.name}
        <br />
        <span className="soft">
          {t('token.made', { time: at(token.createdAt) })} ·{' '}
          {t(isOver ? 'token.over' : 'token.until', { time: at(token.expiresAt) })} ·{' '}
          {token.lastUsedAt ? t('token.used', { time: at(token.lastUsedAt) }) : t('token.unused')}
        </span>
      </span>
      <Button
        size="compact-sm"
        variant="default"
        loading={revoke.isPending}
        aria-label={t('token.revoke.of', { name: token.name })}
        onClick={() => revoke.mutate()}
      >
        {t('token.revoke')}
      </Button>
      {revoke.isError && <ProblemBox problem={problemOf(revoke.error)} />}
    </li>
  );
};

/** Of oneself (`/tokens`) or of somebody else (`/users/…/tokens`); the token itself is never here. */
export const TokenList = ({ path }: { path: string }) => {
  const { t } = useTranslation();
  const tokens = useQuery({
    queryKey: ['tokens', path],
    queryFn: ({ signal }) => get<Page<TokenShown>>(path, signal),
    select: ({ items }) => items,
  });
  return (
    <Listing query={tokens} isEmpty={(items) => items.length === 0} empty={t('token.none')}>
      {(items) => (
        <ul className="line-list">
          {items.map((token) => (
            <TokenLine key={token.id} path={path} token={token} />
          ))}
        </ul>
      )}
    </Listing>
  );
};
