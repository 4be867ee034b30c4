import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

// Answers requests for embeddings, in a process of its own. A vector says which text it is of: its first number is the
// one that the text ends with.

const dimensions = 64;
const rest = Array.from({ length: dimensions - 1 }, (_, at) => Math.sin(at + 1).toFixed(8)).join(',');

const server = createServer(async (request, response) => {
  let text = '';
  for await (const bytes of request.setEncoding('utf8')) text += bytes;
  const { input } = JSON.parse(text) as { input: string[] };
  const rows = input.map((each, index) => {
    const number = each.slice(each.lastIndexOf(' ') + 1);
    return `{"object":"embedding","index":${index},"embedding":[${number},${rest}]}`;
  });
  const usage = `{"prompt_tokens":${input.length},"total_tokens":${input.length}}`;
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(`{"object":"list","model":"m","data":[${rows.join(',')}],"usage":${usage}}`);
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
