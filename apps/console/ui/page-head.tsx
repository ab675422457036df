import { useEffect, type ReactNode } from 'react';

export const PageHead = ({ title, children }: { title: string; children?: ReactNode }) => {
  useEffect(() => {
    document.title = `${title} · SiapPakai`;
  }, [title]);
  return (
    <div className="page-head">
      <h1>{title}</h1>
      <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap', alignItems: 'center' }}>{children}</div>
    </div>
  );
};
