export type DeployErrors = Record<never, never>
