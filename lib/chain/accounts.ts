import { type HDAccount, mnemonicToAccount } from 'viem/accounts'

const mnemonic = 'test test test test test test test test test test test junk'

const index = { deployer: 0, minter: 1, demoCreator: 2, demoHost: 3, demoUser: 4, prober: 5 }

/** An account that anvil funds, by its role on a local chain or by its index. Its key is public. */
export function localAccount(role: keyof typeof index | number): HDAccount {
  return mnemonicToAccount(mnemonic, { addressIndex: typeof role === 'number' ? role : index[role] })
}
