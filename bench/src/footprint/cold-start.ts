// Imports what it is told and prints nothing: how long the process takes is what is measured.

for (const name of process.argv.slice(2)) await import(name);
