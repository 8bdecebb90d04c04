import { readFileSync } from 'node:fs'
import { createConfig, factory } from 'ponder'

const { rpcUrl, contracts, abis, database } = JSON.parse(readFileSync(process.env.BENCH_CHAIN, 'utf8'))
const chain = 'local'
const registered = abis.modelRegistry.find(({ name }) => name === 'Registered')

export default createConfig({
  chains: { [chain]: { id: 31337, rpc: rpcUrl, disableCache: true } },
  database,
  contracts: {
    Models: { chain, abi: abis.modelRegistry, address: contracts.modelRegistry },
    Copies: { chain, abi: abis.copyRegistry, address: contracts.copyRegistry },
    Treasury: { chain, abi: abis.treasury, address: contracts.treasury },
    Users: { chain, abi: abis.userLedger, address: contracts.userLedger },
    Shares: {
      chain,
      abi: abis.modelShares,
      address: factory({ address: contracts.modelRegistry, event: registered, parameter: 'shares' }),
    },
  },
})
