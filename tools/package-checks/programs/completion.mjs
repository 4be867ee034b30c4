// The least that a program does, to weigh its bundle.
import { completion } from '@anyllm/core';
import '@anyllm/provider-openai';

console.log((await completion({ model: 'openai/gpt-4o', prompt: 'Say hello.' })).text);
