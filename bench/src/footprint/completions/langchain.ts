import { ChatOpenAI } from '@langchain/openai';

const message = await new ChatOpenAI({ model: 'gpt-4o-mini' }).invoke('Hello');
console.log(message.text);
