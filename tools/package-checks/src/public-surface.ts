import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript-api'; // the last one that can be asked from a program

const values = ts.SymbolFlags.Value;
const types = ts.SymbolFlags.Type;

/** The names that each entry of a built package exports, one on a line, with what they are. */
export async function publicSurface(packageFolder: string): Promise<string> {
  const { name, exports = {} } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8'));
  const entries = Object.entries<{ types?: string }>(exports).filter(([, { types }]) => types);
  const files = entries.map(([, { types = '' }]) => join(packageFolder, types));
  const program = ts.createProgram(files, { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2023 });
  const lines = entries.flatMap(([path], index) =>
    exportedNames(program, files[index] ?? '').map((line) => `${join(name, path)} ${line}\n`),
  );
  return lines.join('');
}

function exportedNames(program: ts.Program, file: string): string[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  if (!source) throw new Error(`${file} is missing; was the package built?`);
  const module = checker.getSymbolAtLocation(source);
  const symbols = module ? checker.getExportsOfModule(module) : [];
  return symbols.map((symbol) => `${symbol.name} ${kindOf(checker, symbol)}`).sort();
}

function kindOf(checker: ts.TypeChecker, symbol: ts.Symbol): string {
  const { flags } = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  if (flags & values && flags & types) return 'value and type';
  return flags & values ? 'value' : 'type';
}
