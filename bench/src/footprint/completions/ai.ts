import { openai } from '@ai-sdk/openai';
import { generateText } from 'ai';

const { text } = await generateText({ model: openai.chat('gpt-4o-mini'), prompt: 'Hello' });
console.log(text);
