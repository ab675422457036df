import type { LogLine, RunWithSteps } from '#libs/contract/contract.js';
import { useEffect, useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { get } from './http.js';
import { hasEnded } from './state.js';

export const runKey = (id: string) => ['runs', id] as const;

/** EventSource reconnects by itself and sends Last-Event-ID; after a closed answer (a 5xx) we open it again ourselves. */
const reopenMilliseconds = 3000;

interface Listener {
  run(run: RunWithSteps): void;
  log(line: LogLine): void;
  isConnected(value: boolean): void;
}

export const listen = (id: string, listener: Listener): (() => void) => {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const open = () => {
    source = new EventSource(`/api/v1/runs/${id}/events`);
    source.onopen = () => listener.isConnected(true);
    source.onerror = () => {
      listener.isConnected(false);
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, reopenMilliseconds);
    };
    source.addEventListener('run', (event) =>
      listener.run(JSON.parse((event as MessageEvent<string>).data) as RunWithSteps),
    );
    source.addEventListener('log', (event) =>
      listener.log(JSON.parse((event as MessageEvent<string>).data) as LogLine),
    );
  };
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
};

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
    return listen(id, {
      run: (value) => {
        client.setQueryData(runKey(id), value);
        // The stream speaks the browser's language; a problem is read again in the chosen one.
        if (value.problem) void client.invalidateQueries({ queryKey: runKey(id), exact: true });
      },
      log: (line) => setLines((known) => withLine(known, line)),
      isConnected: setConnected,
    });
  }, [id, isOver, client]);
  const old = useQuery({
    queryKey: [...runKey(id), 'log'],
    enabled: isOver === true,
    queryFn: ({ signal }) => readLog(id, signal),
  });
  const stored = old.data ?? [];
  return { run, lines: stored.length ? stored : lines, isConnected: isConnected || isOver === true };
};
