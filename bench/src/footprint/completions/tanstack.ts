import { chat } from '@tanstack/ai';
import { openaiChatCompletions } from '@tanstack/ai-openai';

const messages = [{ role: 'user' as const, content: 'Hello' }];
console.log(await chat({ adapter: openaiChatCompletions('gpt-4o-mini'), messages, stream: false }));
