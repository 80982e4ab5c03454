// The parts of the package `ping` that we use; it has types for its face only. What comes out of the parser is checked by schema.
declare module "ping/lib/builder/factory.js" {
  const factory: {
    isPlatformSupport(platform: string): boolean;
    getExecutablePath(platform: string, v6: boolean): string;
    createBuilder(platform: string): {
      getCommandArguments(host: string, config: Record<string, unknown>): string[];
    };
  };
  export = factory;
}
declare module "ping/lib/parser/factory.js" {
  const factory: {
    createParser(
      host: string,
      platform: string,
      config: Record<string, unknown>,
    ): { eat(line: string): unknown; getResult(): unknown };
  };
  export = factory;
}
