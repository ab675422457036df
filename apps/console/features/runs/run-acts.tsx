import type { RunWithSteps } from '#libs/contract/contract.js';
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post, problemOf } from '../../kit/http.js';
import { runKey } from '../../kit/live.js';
import { useMe } from '../../kit/me.js';
import { FormDialog } from '../../ui/form-dialog.js';
import { ProblemBox } from '../../ui/problem-box.js';

/** A queued run may be called off; a broken one is cleared by a person who says why. */
export const RunActs = ({ run }: { run: RunWithSteps }) => {
  const { t } = useTranslation();
  const { mayChange, isAdmin } = useMe();
  const client = useQueryClient();
  const [isClearing, setClearing] = useState(false);
  const again = () => client.invalidateQueries({ queryKey: runKey(run.id) });
  const cancel = useMutation({ mutationFn: () => post(`/runs/${run.id}/cancel`), onSettled: again });
  const clear = async ({ reason }: Record<string, string>) => {
    await post(`/runs/${run.id}/clear`, { reason });
    await again();
  };
  return (
    <div style={{ marginTop: 8 }}>
      {run.state === 'queued' && mayChange && (
        <Button size="xs" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
          {t('run.cancel')}
        </Button>
      )}
      {run.state === 'broken' && isAdmin && (
        <Button size="xs" variant="default" onClick={() => setClearing(true)}>
          {t('run.clear')}
        </Button>
      )}
      {cancel.isError && <ProblemBox problem={problemOf(cancel.error)} />}
      {isClearing && (
        <FormDialog
          title={t('run.clear')}
          verb={t('run.clear')}
          onClose={() => setClearing(false)}
          onSubmit={clear}
          fields={[{ name: 'reason', label: t('run.clear.reason'), hint: t('run.clear.hint'), kind: 'lines' }]}
        />
      )}
    </div>
  );
};
