import type { ImportReport } from '#libs/contract/contract.js';
import { Button, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dotted, number } from '../../kit/format.js';
import { post, problemOf } from '../../kit/http.js';
import { currentLanguage } from '../../kit/words.js';
import { StateLook } from '../../ui/look.js';
import { Dialog } from '../../ui/dialog.js';
import { ProblemBox } from '../../ui/problem-box.js';

const Report = ({ report }: { report: ImportReport }) => {
  const { t } = useTranslation();
  const language = currentLanguage();
  return (
    <>
      <p aria-live="polite">
        {t(report.applied ? 'import.applied' : 'import.checked', {
          good: number(report.accepted, language),
          bad: number(report.refused, language),
        })}
      </p>
      <ul
        className="line-list"
        style={{ maxHeight: 240, overflow: 'auto' }}
        tabIndex={0}
        aria-label={t('import.report')}
      >
        {report.rows.map((row) => (
          <li key={row.line}>
            <span className="soft number">{row.line}</span>
            <span className="code">{dotted(row.code)}</span>
            <span className="grow">
              {row.problem ? (
                <StateLook look="broken">{row.problem}</StateLook>
              ) : (
                <StateLook look="good">{row.domain}</StateLook>
              )}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
};

/** Checked whole first; then all rows, or, when asked, only the good ones. */
export const ImportDesa = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [csv, setCsv] = useState('');
  const send = useMutation({
    mutationFn: (dryRun: boolean) => post<ImportReport>('/desa/import', { csv, dryRun, onlyGood: !dryRun }),
    onSuccess: (report) => report.applied && client.invalidateQueries({ queryKey: ['desa'] }),
  });
  const report = send.data;
  const accepted = report && !report.applied ? report.accepted : 0;
  return (
    <Dialog title={t('desa.import')} onClose={onClose} size="lg">
      <Textarea
        label={t('import.csv')}
        description={t('import.csv.hint')}
        rows={8}
        value={csv}
        onChange={(event) => {
          setCsv(event.target.value);
          send.reset();
        }}
        classNames={{ input: 'code' }}
        mb="sm"
      />
      {send.isError && <ProblemBox problem={problemOf(send.error)} />}
      {report && <Report report={report} />}
      <div style={{ display: 'flex', gap: 8, marginTop: 12 }}>
        <Button
          variant={accepted ? 'default' : 'filled'}
          disabled={!csv.trim()}
          loading={send.isPending}
          onClick={() => send.mutate(true)}
        >
          {t('import.check')}
        </Button>
        {accepted > 0 && (
          <Button onClick={() => send.mutate(false)}>
            {t('import.apply', { amount: number(accepted, currentLanguage()) })}
          </Button>
        )}
      </div>
    </Dialog>
  );
};
