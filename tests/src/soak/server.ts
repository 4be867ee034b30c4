import { startSimulator } from '@anyllm/simulator';
import { replyTo } from './replies.ts';

// The server that the soak asks, in a process of its own, so that only the client's heap is measured. Told anything by
// its parent, it says what is open.

let exchanges = 0;

const simulator = await startSimulator({
  keepRequests: 0,
  script: (request) => {
    exchanges += 1;
    request.closed.then(() => {
      exchanges -= 1;
    });
    return replyTo(request);
  },
});
process.send?.(simulator.baseURL);
process.on('message', () => process.send?.({ exchanges, sockets: simulator.sockets.open }));
process.on('disconnect', () => process.exit());
