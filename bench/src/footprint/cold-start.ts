// Imports what it is told, in a process that has loaded nothing else. Prints milliseconds of processor time: on a busy
// machine the clock tells of others.

const before = process.cpuUsage();
for (const name of process.argv.slice(2)) await import(name);
const { user, system } = process.cpuUsage(before);
console.log((user + system) / 1000);
