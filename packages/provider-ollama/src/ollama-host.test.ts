import { describe, expect, it } from 'vitest';
import { parseOllamaHost } from './ollama-host.ts';

describe('an OLLAMA_HOST', () => {
  // Most of them are cases of Ollama's own test of the variable.
  it.each([
    ['1.2.3.4', 'http://1.2.3.4:11434'],
    ['1.2.3.4:1234', 'http://1.2.3.4:1234'],
    ['example.com', 'http://example.com:11434'],
    ['example.com:1234', 'http://example.com:1234'],
    ['example.com/ollama/', 'http://example.com:11434/ollama'],
    [':1234', 'http://127.0.0.1:1234'],
    [':66000', 'http://127.0.0.1:11434'],
    [':-1', 'http://127.0.0.1:11434'],
    ['host:', 'http://host:11434'],
    ['host:abc', 'http://host:11434'],
    ['[::1]', 'http://[::1]:11434'],
    ['[::1]:1337', 'http://[::1]:1337'],
    ['::1', 'http://[::1]:11434'],
    [' 1.2.3.4 ', 'http://1.2.3.4:11434'],
    ['"1.2.3.4"', 'http://1.2.3.4:11434'],
    [' " 1.2.3.4 " ', 'http://1.2.3.4:11434'],
    ["'1.2.3.4'", 'http://1.2.3.4:11434'],
    ['http://1.2.3.4', 'http://1.2.3.4'],
    ['http://1.2.3.4:4321/', 'http://1.2.3.4:4321'],
    ['https://1.2.3.4', 'https://1.2.3.4'],
    ['https://1.2.3.4:4321', 'https://1.2.3.4:4321'],
    ['https://1.2.3.4:99999', 'https://1.2.3.4'],
    ['https://example.com/ollama', 'https://example.com/ollama'],
    ['https://example.com/ollama//', 'https://example.com/ollama'],
    ['https://user:secret@example.com:8443/o', 'https://user:secret@example.com:8443/o'],
    ['ollama.com', 'https://ollama.com'],
    ['https://ollama.com', 'https://ollama.com'],
  ])('%j is %s', (value, url) => {
    expect(parseOllamaHost(value)).toBe(url);
  });

  it.each([
    ['0.0.0.0', 'http://127.0.0.1:11434'],
    ['0.0.0.0:8080', 'http://127.0.0.1:8080'],
    ['http://0.0.0.0:11434', 'http://127.0.0.1:11434'],
    ['::', 'http://[::1]:11434'],
    ['[::]:8080', 'http://[::1]:8080'],
    ['https://[::]', 'https://[::1]'],
  ])('%j, an address to listen on, is the loopback one', (value, url) => {
    expect(parseOllamaHost(value)).toBe(url);
  });

  it.each(['', '   ', '""'])('%j is the default', (value) => {
    expect(parseOllamaHost(value)).toBe('http://127.0.0.1:11434');
  });

  it('stays as it is once it is a URL', () => {
    for (const value of ['::1', 'host', 'https://host/path', ':0']) {
      const url = parseOllamaHost(value);
      expect(parseOllamaHost(url)).toBe(url);
    }
  });

  it.each(['not a host', '[::1', 'file:///etc/passwd'])('%j makes no http URL', (value) => {
    const url = parseOllamaHost(value);
    expect(/^https?:/.test(url) && URL.canParse(url)).toBe(false);
  });
});
