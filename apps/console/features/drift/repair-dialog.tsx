import type { Drift } from '#libs/contract/looks.js';
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { problemOf } from '../../kit/http.js';
import { Dialog } from '../../ui/dialog.js';
import { Listing } from '../../ui/listing.js';
import { ProblemBox } from '../../ui/problem-box.js';
import { StepList } from '../runs/step-list.js';
import { usePlanOf, useRepair } from './drift.js';

/** What would be done is read before it is done. */
export const RepairDialog = ({ drift, onClose }: { drift: Drift; onClose: () => void }) => {
  const { t } = useTranslation();
  const plan = usePlanOf(drift.id);
  const repair = useRepair();
  return (
    <Dialog title={`${drift.title}: ${drift.subject}`} size="lg" onClose={onClose}>
      <p>{drift.detail}</p>
      <h3>
        {t('plan.title')} <span className="soft">{t('plan.nothingChanged')}</span>
      </h3>
      <Listing query={plan}>
        {(run) => (
          <>
            <StepList steps={run.steps} isPlan runId={run.id} />
            {run.problem && <ProblemBox problem={run.problem} runId={run.id} />}
            {!repair.isSuccess && (
              <Button
                mt="md"
                loading={repair.isPending}
                disabled={run.problem !== null}
                onClick={() => repair.mutate(drift.id)}
              >
                {t('drift.repair.do')}
              </Button>
            )}
          </>
        )}
      </Listing>
      {repair.isError && <ProblemBox problem={problemOf(repair.error)} />}
      <div role="status">
        {repair.isSuccess && (
          <p>
            {t('drift.repair.begun')}{' '}
            <Link className="link" to={`/runs/${repair.data.id}`}>
              {t('runs.seeRun')}
            </Link>
          </p>
        )}
      </div>
    </Dialog>
  );
};
