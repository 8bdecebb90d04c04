import { type HDAccount, mnemonicToAccount } from 'viem/accounts'

const mnemonic = 'test test test test test test test test test test test junk'

const index = { deployer: 0, minter: 1, demoCreator: 2 }

/** The accounts that anvil funds, by what Kinmark uses them for on a local chain. Everyone knows their keys. */
export function localAccount(role: keyof typeof index | number): HDAccount {
  return mnemonicToAccount(mnemonic, { addressIndex: typeof role === 'number' ? role : index[role] })
}
