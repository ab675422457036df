import '@mantine/core/styles.css';
import './console.css';
import './rollouts.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { problemOf } from '../kit/http.js';
import { startWords } from '../kit/words.js';
import { Door } from './door.js';
import { theme } from './theme.js';

/** A refusal stays a refusal; only a server that is out of reach is asked again. */
const client = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 5_000, retry: (count, error) => count < 2 && problemOf(error).code === 'unreachable' },
  },
});

const root = document.getElementById('root');
if (root) {
  await startWords();
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <QueryClientProvider client={client}>
          <BrowserRouter>
            <Door />
          </BrowserRouter>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
