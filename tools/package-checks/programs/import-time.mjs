const startedAt = performance.now();
await import('@anyllm/core');
await import('@anyllm/provider-openai');
console.log(performance.now() - startedAt);
