import { Mistral } from '@mistralai/mistralai';

const mistral = new Mistral({ apiKey: process.env.MISTRAL_API_KEY ?? '' });
const messages = [{ role: 'user' as const, content: 'Hello' }];
const answer = await mistral.chat.complete({ model: 'mistral-small-latest', messages });
console.log(answer.choices[0]?.message?.content);
