import { Component, type ReactNode } from 'react';
import { useLocation } from 'react-router';
import { problemOf } from '../kit/http.js';
import { ProblemBox } from './problem-box.js';

/** React has no hook for this: a page that fails to draw says so instead of leaving a white screen. */
class Guard extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: null as unknown };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return <ProblemBox problem={problemOf(this.state.error)} onRetry={() => window.location.reload()} isHeading />;
  }
}

/** Going to another page is a fresh start. */
export const BrokenPage = ({ children }: { children: ReactNode }) => (
  <Guard key={useLocation().pathname}>{children}</Guard>
);
