export interface ProviderNames {
  /** `my-vendor` */
  id: string;
  /** `MyVendor` */
  pascal: string;
  /** `MY_VENDOR` */
  constant: string;
}

/** The name of the package that AnyLLM looks for when a model id begins with this id. */
export function packageNameOf(id: string): string {
  return `anyllm-provider-${id}`;
}

/** What is wrong with a name, in one line; undefined when nothing is. */
export function complaintOf(name: string): string | undefined {
  if (/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name) && name.length <= 64) return undefined;
  return `a provider's name has lower-case letters, digits and single hyphens, and begins with a letter: not '${name}'`;
}

/** All spellings of a name. A package's name will do as well. */
export function namesOf(name: string): ProviderNames {
  const id = name.replace(/^anyllm-provider-/, '');
  const complaint = complaintOf(id);
  if (complaint) throw new Error(complaint);
  const pascal = id.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return { id, pascal: pascal.join(''), constant: id.replaceAll('-', '_').toUpperCase() };
}
