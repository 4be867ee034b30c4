import { createUndiciTransport } from '@anyllm/provider-kit';

// The first exchange of a process loads undici, which on a busy machine takes longer than some of the time limits that
// tests set. Nothing listens on port 1.
await new Promise<void>((resolve) => {
  const send = createUndiciTransport();
  const ignore = () => {};
  send(
    { method: 'GET', url: 'http://127.0.0.1:1/', headers: {} },
    { onConnected: ignore, onResponse: ignore, onData: ignore, onEnd: resolve, onError: () => resolve() },
  );
});
