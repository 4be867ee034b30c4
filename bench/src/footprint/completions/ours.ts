import { completion } from '@anyllm/core';
import '@anyllm/provider-openai';

const answer = await completion({ model: 'openai/gpt-4o-mini', prompt: 'Hello' });
console.log(answer.text);
