const { completion } = require('@anyllm/core');
require('@anyllm/provider-openai');

const request = { model: 'openai/gpt-4o', prompt: 'Say hello.' };

async function main() {
  const answer = await completion(request);
  const stream = await completion({ ...request, stream: true });
  let streamed = '';
  for await (const text of stream.text()) streamed += text;
  console.log(JSON.stringify({ whole: answer.text, streamed }));
}

void main();
