export interface PublicPackage {
  readonly folder: string;
  readonly manifest: {
    readonly name: string;
    readonly version: string;
    readonly scripts?: Record<string, string>;
    readonly dependencies?: Record<string, string>;
    readonly optionalDependencies?: Record<string, string>;
    readonly peerDependencies?: Record<string, string>;
    readonly [field: string]: unknown;
  };
}

export function publicPackages(): PublicPackage[];
