import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFilters } from '../../kit/filters.js';
import { dotted, titled } from '../../kit/format.js';
import { problemOf } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { Listing } from '../../ui/listing.js';
import { ProblemBox } from '../../ui/problem-box.js';
import { useRepairPolicy, useSaveRepairPolicy } from './drift.js';

/** What may be repaired without a person, per kabupaten. */
export const RepairPolicy = () => {
  const { t } = useTranslation();
  const me = useMe();
  const { values, set } = useFilters(['kabupaten']);
  const kabupaten = values.kabupaten || me.kabupaten[0]?.code || '';
  const policy = useRepairPolicy(kabupaten);
  const save = useSaveRepairPolicy(kabupaten);
  if (kabupaten === '') return null;
  return (
    <section className="section" aria-label={t('drift.policy')}>
      <h2>{t('drift.policy')}</h2>
      <div className="filters">
        <NativeSelect
          size="xs"
          label={t('kabupaten.label')}
          value={kabupaten}
          onChange={(event) => set('kabupaten', event.target.value)}
          data={me.kabupaten.map(({ code, name }) => ({ value: code, label: `${dotted(code)} ${titled(name)}` }))}
        />
        <Listing query={policy}>
          {({ byItself }) => (
            <NativeSelect
              size="xs"
              label={t('drift.policy.what')}
              value={byItself}
              disabled={!me.isAdmin || save.isPending}
              onChange={(event) => save.mutate(event.target.value)}
              data={[
                { value: 'none', label: t('drift.policy.none') },
                { value: 'safe', label: t('drift.policy.safe') },
              ]}
            />
          )}
        </Listing>
      </div>
      <p className="soft">{t('drift.policy.hint')}</p>
      {save.isError && <ProblemBox problem={problemOf(save.error)} />}
    </section>
  );
};
