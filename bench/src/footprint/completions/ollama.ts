import ollama from 'ollama';

const { message } = await ollama.chat({ model: 'llama3', messages: [{ role: 'user', content: 'Hello' }] });
console.log(message.content);
