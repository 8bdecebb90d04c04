export type CliErrors = {
  'cli.interrupted': Record<never, never>
  'cli.command-unknown': { command: string; commands: readonly string[] }
  'cli.argument-count': { command: string; expected: number; given: number }
  /** `reason` is the message of Node's argument parser. */
  'cli.shell-unknown': { shell: string; shells: readonly string[] }
  'cli.package-missing': { package: string }
  'cli.usage': { reason: string }
  'cli.option-missing': { option: string }
  'cli.number-invalid': { option: string; value: string }
  'cli.integer-invalid': { option: string; value: string; least: number; most: number }
  'cli.layers-invalid': { value: string }
  /** `source` is the option or the file that the text was taken from. */
  'cli.bytes32-invalid': { source: string; characters: number }
  'cli.copy-id-invalid': { copyId: string }
  'cli.copy-seed-differs': { copyId: string }
  'cli.file-unreadable': { path: string }
  'cli.file-exists': { path: string }
  'cli.folder-not-empty': { folder: string; entries: number }
  'cli.folder-unusable': { path: string }
  'cli.preparation-exists': { folder: string }
  'cli.preparation-missing': { folder: string; file: string }
  'cli.tokenizer-missing': { option: string }
  'cli.fine-tune-unused': { target: string }
  'cli.fine-tune-foreign': { folder: string; tensor: string }
  'cli.text-too-short': { path: string; tokens: number; min: number }
  'cli.delta-name-invalid': { path: string }
  /** `found` is null where the base has no file of that name. */
  'cli.delta-other-base': {
    file: string
    folder: string
    expected: { size: number; sha256: string }
    found: { size: number; sha256: string } | null
  }
  'cli.delta-tensor-unknown': { delta: string; tensor: string; folder: string }
  'cli.choice-invalid': { option: string; value: string; choices: readonly string[] }
  'cli.option-foreign': { command: string; option: string; options: readonly string[] }
  'cli.id-invalid': { what: 'model' | 'copy'; value: string }
  'cli.account-invalid': { value: string }
  'cli.file-foreign': { path: string }
  'cli.disk-full': { path: string }
  /** `reason`: a clause, such as “you may not write there”. */
  'cli.path-unwritable': { path: string; reason: string }
  'cli.file-differs': { path: string; folder: string; sha256: string; expected: string }
  'cli.login-needed': { site: string }
  /** `reason`: the system’s own word, such as ECONNREFUSED. */
  'cli.site-unreachable': { site: string; reason: string }
  'cli.site-foreign': { site: string }
  /** Chain ids. */
  'cli.site-moved': { site: string; known: number; now: number }
  'cli.key-missing': Record<never, never>
  'cli.key-invalid': { variable: string }
  'cli.key-other-account': { key: string; login: string }
  /** USDC of 6 decimals. */
  'cli.balance-low': { account: string; needed: bigint; balance: bigint }
  'cli.above-max': { total: bigint; max: bigint }
  'cli.max-needed': { total: bigint }
  'cli.declined': Record<never, never>
  'cli.name-invalid': { value: string }
  'cli.parent-invalid': { value: string; relations: readonly string[] }
  'cli.terms-changed': { model: string }
  /** Blocks. */
  'cli.order-unseen': { file: string; since: number; head: number }
  'cli.copy-gone': { copy: string; state: string }
  'cli.keys-leased': { requested: number; available: number; leased: number; target: string }
  'cli.lease-conflict': { folder: string }
}
