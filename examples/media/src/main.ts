import { createWriteStream, openAsBlob } from 'node:fs';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import '@anyllm/example-backend'; // simulated answers, unless started with --live
import { imageEdit, imageGeneration, speech, transcription } from '@anyllm/core';
import '@anyllm/provider-mistral';
import '@anyllm/provider-openai';

const out = fileURLToPath(new URL('../out/', import.meta.url));
await mkdir(out, { recursive: true });

// A text is said. The file grows while the sound comes.
const input = 'Boarding begins at gate seven. Please have your passes ready.';
const sound = await speech({ model: 'openai/gpt-4o-mini-tts', voice: 'nova', input }, { timeout: 60_000 });
await pipeline(sound, createWriteStream(`${out}boarding.mp3`));
const { size } = await stat(`${out}boarding.mp3`);
console.log(`boarding.mp3: ${Math.round(size / 1000)} kB of ${sound.mediaType}`);

// And written down again, as it is recognised. The file is read while it is sent.
const file = await openAsBlob(`${out}boarding.mp3`);
process.stdout.write('written down: ');
const events = await transcription({ model: 'openai/gpt-4o-mini-transcribe', file, stream: true });
for await (const event of events) if (event.type === 'transcript.text.delta') process.stdout.write(event.delta);

// Another vendor tells when each sentence was said.
const { segments = [] } = await transcription({
  model: 'mistral/voxtral-mini-latest',
  file,
  timestamp_granularities: ['segment'],
});
console.log();
for (const { start, end, text } of segments) console.log(`${start.toFixed(1)} s to ${end.toFixed(1)} s: ${text}`);

// A picture, after sketches of it.
const model = 'openai/gpt-image-1';
const drawing = { model, prompt: 'A red kite over the dunes, as a woodcut', stream: true, partial_images: 2 } as const;
for await (const event of await imageGeneration(drawing)) {
  if (event.type === 'partial_image') console.log(`sketch ${event.partial_image_index + 1}`);
  else await save('kite.png', event.b64_json);
}

// And a picture of that picture.
const { data } = await imageEdit({ model, prompt: 'Make the kite blue', images: await openAsBlob(`${out}kite.png`) });
await save('blue-kite.png', data[0]?.b64_json ?? '');

async function save(name: string, base64: string): Promise<void> {
  const bytes = Buffer.from(base64, 'base64');
  await writeFile(out + name, bytes);
  console.log(`${name}: ${bytes.length} bytes`);
}
