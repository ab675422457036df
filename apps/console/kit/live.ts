import type { LogLine, RunWithSteps } from '#libs/contract/contract.js';
import { useEffect, useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { get } from './http.js';
import { hasEnded } from './state.js';
import { openStream, streamLanguage } from './stream.js';
import { currentLanguage } from './words.js';

export const runKey = (id: string) => ['runs', id] as const;

/** A reopened stream may repeat lines; their ids say which. */
export const withLine = (lines: LogLine[], line: LogLine): LogLine[] => {
  const last = lines.at(-1);
  if (!last || last.id < line.id) return [...lines, line];
  return lines.some((known) => known.id === line.id) ? lines : [...lines, line].sort((a, b) => a.id - b.id);
};

/** The log comes in parts; the last id asks for the next. */
const readLog = async (id: string, signal: AbortSignal): Promise<LogLine[]> => {
  const lines: LogLine[] = [];
  for (;;) {
    const part = await get<LogLine[]>(`/runs/${id}/log?after=${lines.at(-1)?.id ?? 0}`, signal);
    if (part.length === 0) return lines;
    lines.push(...part);
  }
};

/** Made anew for each run: the page that calls this is keyed by the id. */
export const useRun = (id: string) => {
  const client = useQueryClient();
  const run = useQuery({ queryKey: runKey(id), queryFn: ({ signal }) => get<RunWithSteps>(`/runs/${id}`, signal) });
  const [lines, setLines] = useState<LogLine[]>([]);
  const [isConnected, setConnected] = useState(true);
  const isOver = run.data ? hasEnded(run.data.state) : undefined;
  useEffect(() => {
    if (isOver !== false) return;
    const onRun = (text: string) => {
      const value = JSON.parse(text) as RunWithSteps;
      client.setQueryData(runKey(id), value);
      if (value.problem && streamLanguage() !== currentLanguage())
        void client.invalidateQueries({ queryKey: runKey(id), exact: true });
    };
    const onLog = (text: string) => setLines((known) => withLine(known, JSON.parse(text) as LogLine));
    return openStream(`/runs/${id}/events`, { run: onRun, log: onLog }, setConnected);
  }, [id, isOver, client]);
  const old = useQuery({
    queryKey: [...runKey(id), 'log'],
    enabled: isOver === true,
    queryFn: ({ signal }) => readLog(id, signal),
  });
  const stored = old.data ?? [];
  return { run, lines: stored.length ? stored : lines, isConnected: isConnected || isOver === true };
};
