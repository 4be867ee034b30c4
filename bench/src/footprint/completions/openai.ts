import OpenAI from 'openai';

const client = new OpenAI();
const messages = [{ role: 'user' as const, content: 'Hello' }];
const answer = await client.chat.completions.create({ model: 'gpt-4o-mini', messages });
console.log(answer.choices[0]?.message.content);
