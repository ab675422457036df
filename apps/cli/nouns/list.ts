import type { Query } from '../client.js';
import type { Session } from '../session.js';
import { table, type Column } from '../table.js';

/** A list of the server as a table; how many there are besides is told when not all are shown. */
export async function listed<T>(session: Session, path: string, query: Query, columns: Column<T>[]): Promise<void> {
  const { items, total } = await session.client.get<{ items: T[]; total: number }>(path, query);
  session.print({ items, total }, () => [
    ...table(items, columns),
    ...(items.length < total
      ? [
          session.t(
            `${items.length} dari ${total}; lanjut dengan --offset`,
            `${items.length} of ${total}; go on with --offset`,
          ),
        ]
      : []),
  ]);
}
