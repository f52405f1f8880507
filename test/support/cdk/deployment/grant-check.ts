import type { DeployedFunction } from './functions.ts';

/** Whether a function's role allows an action on a resource. Throws if there is no such function. */
export type GrantCheck = (folder: string, action: string, resource: string) => boolean;

/** A fast check of the grants of all functions. It knows resources by the names in {@link DeployedFunction.grants}. */
export const createGrantCheck = (deployment: {
  readonly functions: readonly Pick<DeployedFunction, 'folder' | 'grants'>[];
}): GrantCheck => {
  const granted = new Map(
    deployment.functions.map(({ folder, grants }) => {
      const byResource = new Map<string, Set<string>>();
      for (const { action, resource } of grants)
        byResource.set(resource, (byResource.get(resource) ?? new Set()).add(action));

      return [folder, byResource];
    }),
  );

  return (folder, action, resource) => {
    const byResource = granted.get(folder);
    if (byResource === undefined) throw new Error(`The deployment has no function ${folder}.`);

    return byResource.get(resource)?.has(action) === true;
  };
};
