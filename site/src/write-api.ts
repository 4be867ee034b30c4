import { fileURLToPath } from 'node:url';
import {
  Application,
  type ProjectReflection,
  ReflectionKind,
  type SignatureReflection,
  type TypeDocOptions,
} from 'typedoc';
import type { PluginOptions } from 'typedoc-plugin-markdown';
import { entries } from './entries.ts';

// Writes the reference into `api/`: a page for each entry, from the docstrings in the sources.
// An export without a docstring, and a link in one that leads nowhere, are errors.

const fromRoot = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const sources: Partial<TypeDocOptions> = {
  entryPoints: entries.map(({ source }) => fromRoot(source)),
  sortEntryPoints: false,
  groupOrder: ['Functions', 'Variables', 'Interfaces', 'Type Aliases', 'Classes'],
  tsconfig: fromRoot('site/typedoc.tsconfig.json'),
  compilerOptions: { paths: Object.fromEntries(entries.map(({ name, source }) => [name, [fromRoot(source)]])) },
  excludeExternals: true,
  excludePrivate: true,
  excludeInternal: true,
  disableSources: true,
  readme: 'none',
  out: fromRoot('site/api'),
};

const strictness: Partial<TypeDocOptions> = {
  logLevel: 'Warn',
  validation: { notExported: false, invalidLink: true, rewrittenLink: true },
};

const layout: Partial<PluginOptions> = {
  entryFileName: 'index',
  pageTitleTemplates: { index: 'Reference', module: ({ rawName }) => nameOf(rawName) },
  hideBreadcrumbs: true,
  hidePageHeader: true,
  useCodeBlocks: true,
  useCustomAnchors: true, // those that its links have
  expandParameters: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  classPropertiesFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  propertyMembersFormat: 'table',
  tableColumnSettings: { hideDefaults: true, hideInherited: true, hideOverrides: true, leftAlignHeaders: true },
};

const application = await Application.bootstrapWithPlugins({
  plugin: ['typedoc-plugin-markdown'],
  router: 'module',
  ...sources,
  ...strictness,
  ...layout,
});
const project = await application.convert();
if (!project) process.exit(1);
nameModules(project);
application.validate(project);
for (const name of undocumentedIn(project)) application.logger.error(`${name} has no docstring`);
leaveOutInherited(project);
nameParameters(project);
await application.generateOutputs(project);
if (application.logger.hasErrors() || application.logger.hasWarnings()) process.exit(1);

function nameOf(page: string): string {
  return entries.find((entry) => entry.page === page)?.name ?? page;
}

function nameModules({ children = [] }: ProjectReflection): void {
  for (const [index, module] of children.entries()) module.name = entries[index]?.page ?? module.name;
}

/** Exports without a docstring. That of a function is with its signatures. */
function undocumentedIn({ children: modules = [] }: ProjectReflection): string[] {
  const exports = modules.flatMap(({ children = [] }) => children.filter((child) => !child.isReference()));
  const undocumented = exports.filter((child) => {
    const { signatures = [] } = child.type?.type === 'reflection' ? child.type.declaration : child;
    return ![child, ...signatures].some((reflection) => reflection.hasComment());
  });
  return undocumented.map((child) => child.getFriendlyFullName());
}

/** What a class has from its base is told there. */
function leaveOutInherited(project: ProjectReflection): void {
  const owners = project.getReflectionsByKind(ReflectionKind.Class).filter((reflection) => reflection.isDeclaration());
  for (const { groups = [] } of owners) {
    for (const group of groups) {
      group.children = group.children.filter((child) => !(child.isDeclaration() && child.inheritedFrom));
    }
  }
}

/** One that is taken apart where it is declared has no name of its own. */
function nameParameters(project: ProjectReflection): void {
  for (const { parameters = [] } of project.getReflectionsByKind(
    ReflectionKind.SomeSignature,
  ) as SignatureReflection[]) {
    const name = parameters.some((parameter) => parameter.name === 'options') ? 'settings' : 'options';
    for (const parameter of parameters) if (parameter.name.startsWith('__')) parameter.name = name;
  }
}
