/** EventSource reconnects by itself and sends Last-Event-ID; after a closed answer (a 5xx) we open it again ourselves. */
const reopenMilliseconds = 3000;

/** Listens to named events of one path until the returned function is called; each event's text goes to its handler. */
export const openStream = (
  path: string,
  on: Record<string, (text: string) => void>,
  isConnected: (value: boolean) => void,
): (() => void) => {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const open = () => {
    source = new EventSource(`/api/v1${path}`);
    source.onopen = () => isConnected(true);
    source.onerror = () => {
      isConnected(false);
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, reopenMilliseconds);
    };
    for (const [name, handle] of Object.entries(on))
      source.addEventListener(name, (event) => handle((event as MessageEvent<string>).data));
  };
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
};

/** A stream cannot be told a language: it speaks the browser's, and the person may have chosen the other one. */
export const streamLanguage = (): 'id' | 'en' => (/^en\b/i.test(navigator.language) ? 'en' : 'id');
