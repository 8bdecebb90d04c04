import { type Address, type ContractErrorArgs, type ContractErrorName, decodeErrorResult, type Hex } from 'viem'
import { formatUsdc } from '../money/usdc'
import {
  caseCourtAbi,
  challengeCourtAbi,
  copyRegistryAbi,
  deployerAbi,
  keyLedgerAbi,
  minterRegistryAbi,
  modelGovernorAbi,
  modelGovernorFactoryAbi,
  modelRegistryAbi,
  modelSharesAbi,
  protocolAbi,
  protocolTimelockAbi,
  proverRegistryAbi,
  testUsdAbi,
  treasuryAbi,
  usageLedgerAbi,
} from './generated'
import { caseStages, copyStates, proposalStates } from './states'

const abi = [
  ...modelRegistryAbi,
  ...copyRegistryAbi,
  ...minterRegistryAbi,
  ...treasuryAbi,
  ...modelSharesAbi,
  ...protocolAbi,
  ...protocolTimelockAbi,
  ...keyLedgerAbi,
  ...proverRegistryAbi,
  ...caseCourtAbi,
  ...usageLedgerAbi,
  ...challengeCourtAbi,
  ...modelGovernorAbi,
  ...modelGovernorFactoryAbi,
  ...deployerAbi,
  ...testUsdAbi,
] as const

type Name = ContractErrorName<typeof abi>
type Args<name extends Name> = ContractErrorArgs<typeof abi, name>

/** One sentence per error of the contracts, with the numbers that disagreed. An error without one does not compile. */
const sentences: { [name in Name]: (args: Args<name>) => string } = {
  AccessControlBadConfirmation: () => 'A role can be given up by its holder only.',
  AccessControlUnauthorizedAccount: ([account]) =>
    `${short(account)} does not govern the protocol: only its governors propose changes to the timelock.`,
  AccountInvalid: ([account]) => `${short(account)} cannot be credited with money.`,
  AddressEmptyCode: ([target]) => `There is no contract at ${short(target)}.`,
  AlreadyAnswered: ([id]) => `Case ${id} has its answer: the accused answers once.`,
  AlreadyCommitted: ([id, prover]) => `${short(prover)} has already committed in case ${id}.`,
  AnswerLate: ([time, deadline]) => `The answer was due until ${at(deadline)}; on the chain it is ${at(time)}.`,
  AnswerPending: ([time, deadline]) => `The accused may answer until ${at(deadline)}; on the chain it is ${at(time)}.`,
  BeneficiaryInvalid: ([account]) =>
    `${short(account)} could never be paid what the model earns: name another beneficiary.`,
  BondThawing: ([time, notBefore]) => `The bond can leave from ${at(notBefore)} on; on the chain it is ${at(time)}.`,
  BondTooLow: ([bond, needed]) =>
    `The minter’s bond is ${usdc(bond)}, and ${usdc(needed)} are needed: choose another minter, or wait for its open orders.`,
  BuyerSeedMissing: () => 'The order lacks the hash of the buyer’s seed: start the purchase again.',
  CallForbidden: ([target, selector, value]) =>
    `A vote cannot call ${selector} at ${short(target)} with ${value} wei: it can set terms, add a version, retire the model, or name its beneficiary and guardian.`,
  CaseIncomplete: ([, hits]) => `A case needs a target and at least one hit; this one has ${hits} hits.`,
  CaseTooEarly: ([time, notBefore]) => `The case allows this from ${at(notBefore)} on; on the chain it is ${at(time)}.`,
  CaseTooLate: ([time, until]) => `The case allowed this until ${at(until)}; on the chain it is ${at(time)}.`,
  ChallengeNotOpen: () => 'There is no such challenge open: it was decided, or never made.',
  ChallengedBefore: () => 'This offence was challenged before.',
  CheckpointUnorderedInsertion: () => 'The chain’s clock went backwards: try again in a moment.',
  CloneArgumentsTooLong: () => 'The metadata URI is too long to be kept.',
  CollateralTooLow: ([collateral, needed]) =>
    `The collateral is ${usdc(collateral)}, and ${usdc(needed)} are locked behind reports: add more first.`,
  CommitmentMismatch: () => 'What you reveal is not what you committed to: check the number or the vote, and the salt.',
  CommitmentMissing: () => 'An empty commitment counts as none.',
  CopyNotActive: ([id]) => `Copy ${id} is not active, so it cannot be served.`,
  CopyNotHeld: ([copy, parent, creator]) =>
    copy === 0n
      ? `Model ${parent} is not free to derive: ${short(creator)} needs an active copy of it first.`
      : `Copy ${copy} is not an active copy of model ${parent} held by ${short(creator)}, which deriving from it needs.`,
  CopyUnknown: ([id]) => `There is no copy ${id} on this chain.`,
  CourtsAlreadySet: () => 'The courts were named before, and stay as they are.',
  CoverageRootMissing: () => 'Coverage needs the root of what was tested.',
  CoverageTooEarly: ([epoch, first]) => `This is epoch ${epoch}; your next coverage can be paid in epoch ${first}.`,
  CreationFailed: ([reason]) => sentenceOfRevert(reason) ?? 'The contract refused to be created.',
  CutsAboveCap: ([total, cap]) => `The cuts add up to ${percent(total)}, above the cap of ${percent(cap)}.`,
  DeploymentUnknown: ([id, number]) => `Copy ${id} has no open deployment ${number}.`,
  DisputeOpen: ([id, open]) =>
    `${open} ${open === 1 ? 'dispute' : 'disputes'} about copy ${id} must be decided before its collateral can leave.`,
  ECDSAInvalidSignature: () => 'The signature is not valid: sign again.',
  ECDSAInvalidSignatureLength: ([length]) => `The signature has ${length} bytes where 65 are needed: sign again.`,
  ECDSAInvalidSignatureS: () => 'The signature is not in its canonical form: sign with another wallet.',
  ERC20ExceededSafeSupply: ([supply, cap]) => `The supply would be ${supply}, above the cap of ${cap}.`,
  ERC20InsufficientAllowance: ([, allowance, needed]) =>
    `You have allowed ${usdc(allowance)} to be taken, and this takes ${usdc(needed)}: sign the permit again.`,
  ERC20InsufficientBalance: ([sender, balance, needed]) =>
    `${short(sender)} has ${usdc(balance)}, and this takes ${usdc(needed)}.`,
  ERC20InvalidApprover: ([approver]) => `${short(approver)} cannot allow anything to be taken.`,
  ERC20InvalidReceiver: ([receiver]) => `${short(receiver)} cannot receive this.`,
  ERC20InvalidSender: ([sender]) => `${short(sender)} cannot send this.`,
  ERC20InvalidSpender: ([spender]) => `${short(spender)} cannot be allowed to take anything.`,
  ERC2612ExpiredSignature: ([deadline]) => `The permit ran out at ${at(deadline)}: sign it again.`,
  ERC2612InvalidSigner: ([signer, owner]) =>
    `The permit was signed by ${short(signer)} where ${short(owner)} was needed: sign with the connected account.`,
  ERC5805FutureLookup: ([timepoint, clock]) =>
    `Votes at ${at(timepoint)} are not known yet: it is ${at(clock)} on the chain.`,
  ERC6372InconsistentClock: () => 'The shares’ clock and the governor’s clock disagree: tell the operator.',
  ERC721IncorrectOwner: ([sender, id, owner]) => `Model ${id} belongs to ${short(owner)}, not to ${short(sender)}.`,
  ERC721InsufficientApproval: ([operator, id]) => `${short(operator)} may not transfer model ${id}.`,
  ERC721InvalidApprover: ([approver]) => `${short(approver)} may not approve others for this model.`,
  ERC721InvalidOperator: ([operator]) => `${short(operator)} cannot be an operator.`,
  ERC721InvalidOwner: ([owner]) => `${short(owner)} cannot own models.`,
  ERC721InvalidReceiver: ([receiver]) => `${short(receiver)} cannot receive a model.`,
  ERC721InvalidSender: ([sender]) => `${short(sender)} cannot send this model.`,
  ERC721NonexistentToken: ([id]) => `There is no model ${id}.`,
  EdgeUnknown: ([child, parent]) => `Model ${child} is not made from model ${parent}.`,
  EpochLengthOutOfBounds: ([length, min, max]) =>
    `Epochs of ${length} seconds are not between ${min} and ${max} seconds long.`,
  EpochOpen: ([epoch, time, deadline]) =>
    `Epoch ${epoch} may still be reported until ${at(deadline)}; on the chain it is ${at(time)}.`,
  EpochRunning: ([epoch, current]) => `Epoch ${epoch} is not over: this is epoch ${current}.`,
  EscrowThawing: ([time, notBefore]) =>
    `The escrow can leave from ${at(notBefore)} on; on the chain it is ${at(time)}.`,
  EscrowTooLow: ([escrow, needed]) =>
    `The escrow is ${usdc(escrow)}, and the fee is ${usdc(needed)}: deposit more first.`,
  FailedCall: () => 'A call within the transaction failed without saying why.',
  FailedDeployment: () => 'The model’s shares could not be deployed: give the transaction more gas.',
  FaucetAboveCap: ([amount, cap]) => `The faucet gives at most ${usdc(cap)} at a time; ${usdc(amount)} were asked for.`,
  GovernorAlreadyCastVote: ([voter]) => `${short(voter)} has already voted on this proposal.`,
  GovernorAlreadyQueuedProposal: () => 'The proposal is queued already.',
  GovernorDisabledDeposit: () => 'The governor takes no ETH: it could never leave.',
  GovernorInsufficientProposerVotes: ([proposer, votes, threshold]) =>
    `${short(proposer)} has ${shares(votes)} shares to vote with, and a proposal takes ${shares(threshold)}.`,
  GovernorInvalidProposalLength: ([targets, calldatas]) =>
    `The proposal names ${targets} contracts and ${calldatas} calls: it needs as many of both, and at least one.`,
  GovernorInvalidSignature: ([voter]) => `The vote was not signed by ${short(voter)}: sign it again.`,
  GovernorInvalidVoteParams: () => 'The vote has parameters that this governor does not count.',
  GovernorInvalidVoteType: () => 'A vote is against, for or abstain.',
  GovernorInvalidVotingPeriod: ([period]) => `A voting period of ${period} seconds is too short.`,
  GovernorNonexistentProposal: () =>
    'There is no such proposal: its calls or its description differ from what was proposed.',
  GovernorOnlyExecutor: ([account]) => `Only a vote of the holders can do this; ${short(account)} cannot.`,
  GovernorPreventLateQuorumVoteExtensionTooLarge: ([extension, max]) =>
    `An extension of ${extension} seconds is above ${max}.`,
  GovernorProposalQueueingFailed: () => 'The proposal could not be queued.',
  GovernorProposalQueueingNotRequired: () => 'The proposal needs no queue: execute it.',
  GovernorRestrictedProposer: ([proposer]) =>
    `The description reserves this proposal for somebody other than ${short(proposer)}.`,
  GovernorUnableToCancel: ([, account]) => `${short(account)} cannot cancel this proposal.`,
  GovernorUnexpectedProposalState: ([, state]) =>
    `The proposal is ${proposalStates[state] ?? state}, which does not allow this: reload the page.`,
  HolderInvalid: ([account]) => `${short(account)} could never be paid, so it cannot hold shares.`,
  IndexReported: ([index, count]) => `Receipt ${index} is within the ${count} reported: challenge it as missing.`,
  IndexUnreported: ([index, count]) => `Receipt ${index} is beyond the ${count} reported: challenge it as unreported.`,
  InsufficientBalance: ([balance, needed]) => `The contract holds ${balance} wei, and ${needed} are needed.`,
  InvalidAccountNonce: ([account, nonce]) =>
    `${short(account)} has signed something else meanwhile (its next number is ${nonce}): sign again.`,
  InvalidInitialization: () => 'These shares already have their model.',
  InvalidShortString: () => 'A text in the token’s name is malformed.',
  KeyBurned: ([model]) => `This key of model ${model} was opened before and proves nothing any more: use another.`,
  LeavesNeeded: ([leaves, needed]) => `${leaves} leaves are opened, and this takes ${needed}, one after the other.`,
  LicenceUnknown: ([licence, known]) =>
    `The licence has the bits ${licence.toString(2)}, of which only ${known.toString(2)} have a meaning.`,
  ManifestRootMissing: () => 'The version lacks the root of its files: upload them again.',
  MetadataUriLength: ([length, max]) => `The metadata URI has ${length} bytes; it must have between 1 and ${max}.`,
  MinterInvalid: ([minter]) => `${short(minter)} cannot earn the minter’s cut.`,
  MinterNotAllowed: ([minter]) => `${short(minter)} takes no orders: reload the page and order again.`,
  ModelRetired: ([id]) => `Model ${id} is retired: it is not sold, changed or derived from any more.`,
  ModelUnknown: ([id]) => `There is no model ${id} on this chain.`,
  NoDisputeOpen: ([id]) => `No dispute about copy ${id} is open.`,
  NotAccused: ([caller, accused]) => `Only the accused, ${short(accused)}, may answer; you are ${short(caller)}.`,
  NotBuyer: ([caller, buyer]) =>
    `Only the buyer ${short(buyer)} may do this now, and ${short(caller)} is connected: switch the account.`,
  NotController: ([caller, controller]) =>
    `Only the model’s owner ${short(controller)} may do this, and ${short(caller)} is connected: switch the account.`,
  NotCopyRegistry: ([caller, registry]) =>
    `Only the copy registry ${short(registry)} may do this, not ${short(caller)}.`,
  NotCourt: ([caller]) => `${short(caller)} is not a court.`,
  NotDeployer: ([caller, deployer]) =>
    `Only ${short(deployer)}, who deployed the contract, may do this, not ${short(caller)}.`,
  NotDerivable: ([parent]) => `The licence of model ${parent} does not allow children.`,
  NotGuardian: ([caller, guardian]) => `Only the guardian ${short(guardian)} may do this, not ${short(caller)}.`,
  NotHost: ([caller, host]) => `Only the copy’s buyer, ${short(host)}, may do this; you are ${short(caller)}.`,
  NotInitializing: () => 'These shares are not being set up.',
  NotLeaving: ([minter]) => `${short(minter)} has not resigned as a minter: resign first.`,
  NotListed: ([prover]) => `${short(prover)} is not a listed prover: stake first.`,
  NotLoser: ([caller]) => `The ruling did not go against ${short(caller)}: only who lost may appeal.`,
  NotMinter: ([caller, minter]) => `Only the copy’s minter ${short(minter)} may deliver it, not ${short(caller)}.`,
  NotOnPanel: ([id, prover]) => `${short(prover)} was not drawn for case ${id}.`,
  NotOwner: ([caller, owner]) => `Only ${short(owner)} deploys here; you are ${short(caller)}.`,
  NotPaused: () => 'The protocol is not paused.',
  NotRegistry: ([caller, registry]) =>
    `Only the model registry ${short(registry)} creates shares, not ${short(caller)}.`,
  NotReporter: ([id, account, epoch]) =>
    `${short(account)} is neither the host of copy ${id} nor its operator in epoch ${epoch}.`,
  NotShares: ([caller, shares]) => `Only the model’s shares ${short(shares)} may do this, not ${short(caller)}.`,
  NothingAtStake: ([id, state]) =>
    `Copy ${id} is ${copyStates[state] ?? state}: nothing of it is at stake that could be disputed.`,
  OffencePunished: () => 'This offence was punished before: it pays once.',
  OffenceTaken: ([, by]) => `Case ${by} is about the same copy and target: it is open, or was decided and paid.`,
  OpenerIsAccused: () => 'You cannot accuse a copy of your own.',
  OpeningInvalid: ([leaf]) => `The receipt’s answer does not show leaf ${leaf}.`,
  OperatorMissing: () => 'A deployment needs an operator key.',
  OperatorRevoked: ([operator, until]) =>
    `The key ${short(operator)} was revoked; epoch ${until} is its last, for good: use another.`,
  OperatorUnknown: ([id, operator, epoch]) => `${short(operator)} may not sign for copy ${id} in epoch ${epoch}.`,
  OrdersOpen: ([open]) => `${open} orders must be delivered or refunded before the bond can leave.`,
  OwnableInvalidOwner: ([owner]) => `${short(owner)} cannot own the contract.`,
  OwnableUnauthorizedAccount: ([account]) => `${short(account)} does not own the contract.`,
  ParameterOutOfBounds: ([parameter, value, min, max]) =>
    `Parameter ${parameter} would be ${value}; it must be between ${min} and ${max}.`,
  ParentTwice: ([parent]) => `Model ${parent} is named as a parent twice.`,
  PathInvalid: ([from, to]) => `The line of descent named does not lead from model ${from} to model ${to}.`,
  PauseTooEarly: ([time, notBefore]) =>
    `The protocol can be paused again from ${at(notBefore)} on; on the chain it is ${at(time)}.`,
  PenaltyPromised: ([penalty, promised, open]) =>
    `A penalty of ${usdc(promised)} was promised to ${open} open orders: it cannot become ${usdc(penalty)} before they are done.`,
  PenaltyTooLow: ([penalty, needed]) =>
    `The penalty would be ${usdc(penalty)}, and the protocol asks for ${usdc(needed)} at least.`,
  PriceAboveMax: ([price, max]) =>
    `The price is ${usdc(price)} now, above the ${usdc(max)} that you agreed to: look at the terms again.`,
  PromiseOutOfRange: ([window, max]) =>
    `A promise to deliver within ${window} seconds is not between 1 and ${max} seconds.`,
  ProofInvalid: ([index, count]) => `The proof does not show this receipt at index ${index} of ${count}.`,
  ProtocolPaused: ([until]) => `New business is paused until ${at(until)} at the latest; all ways out are open.`,
  ProverLeaving: ([prover, exitAt]) => `${short(prover)} is leaving: its stake can be withdrawn from ${at(exitAt)} on.`,
  ReceiptTooOld: ([epoch, time, deadline]) =>
    `Receipts of epoch ${epoch} counted until ${at(deadline)}; on the chain it is ${at(time)}.`,
  ReceiptsUnrelated: () =>
    'The receipts are of different copies, epochs or indexes: they contradict each other in nothing.',
  ReportEmpty: () => 'A report needs receipts and their root: who served nothing files nothing.',
  ReportLate: ([time, deadline]) => `The report was due until ${at(deadline)}; on the chain it is ${at(time)}.`,
  ReportUnknown: ([id, epoch]) => `This is not the report that copy ${id} filed for epoch ${epoch}.`,
  ReportedBefore: ([id, epoch]) => `Copy ${id} has reported epoch ${epoch} already.`,
  RequestLapsed: ([time, notAfter]) =>
    `The escrow could leave until ${at(notAfter)}, and on the chain it is ${at(time)}: ask for it again.`,
  RootMissing: () => 'The delivery lacks the root of its files or of its fingerprints.',
  RoyaltiesAboveCap: ([total, cap]) =>
    `The royalties to all parents add up to ${percent(total)}, above the cap of ${percent(cap)}.`,
  RoyaltyAboveCap: ([royalty, cap]) =>
    `The royalty asked of children is ${percent(royalty)}, above the cap of ${percent(cap)}.`,
  RoyaltyAboveMax: ([parent, royalty, max]) =>
    `Model ${parent} asks for ${percent(royalty)} now, above the ${percent(max)} that you agreed to.`,
  RulingFinal: ([id]) => `The ruling in case ${id} is final.`,
  SafeCastOverflowedUintDowncast: ([bits, value]) => `${value} does not fit into ${bits} bits.`,
  SafeERC20FailedOperation: ([token]) => `The token ${short(token)} refused to move the money.`,
  SameModel: ([id]) => `Both copies are of model ${id} and share keys: open a case instead.`,
  SameReceipt: () => 'Both receipts are the same.',
  SignatureInvalid: ([signer]) => `The signature is not by ${short(signer)}: sign again.`,
  StakeBelowMin: ([stake, min]) => `The stake would be ${usdc(stake)}; a prover needs ${usdc(min)} at least.`,
  StakeLocked: ([prover, locked]) =>
    `Open cases hold ${usdc(locked)} of the stake of ${short(prover)}: wait for them to close.`,
  StakeNotFree: ([prover, free, needed]) =>
    `${short(prover)} has ${usdc(free)} of its stake free, and this takes ${usdc(needed)}.`,
  StakeThawing: ([time, exitAt]) => `The stake can leave from ${at(exitAt)} on; on the chain it is ${at(time)}.`,
  StringTooLong: ([text]) => `“${text.slice(0, 40)}” is too long.`,
  TermsChanged: () => 'The terms have changed since you read them: look at them again, then order.',
  TimelockInsufficientDelay: ([delay, min]) => `A delay of ${delay} seconds is below the timelock’s ${min}.`,
  TimelockInvalidOperationLength: ([targets, payloads]) =>
    `The change names ${targets} contracts and ${payloads} calls: it needs as many of both.`,
  TimelockRunning: ([time, eta]) =>
    `What was decided can be executed from ${at(eta)} on; on the chain it is ${at(time)}.`,
  TimelockUnauthorizedCaller: ([caller]) => `Only the timelock itself can do this; ${short(caller)} cannot.`,
  TimelockUnexecutedPredecessor: () => 'Another change has to be executed first.',
  TimelockUnexpectedOperationState: () => 'The change is not ready to be executed, or was executed already.',
  TooEarly: ([time, notBefore]) => `This can be done from ${at(notBefore)} on; on the chain it is ${at(time)}.`,
  TooLate: ([time, deadline]) => `This could be done until ${at(deadline)}; on the chain it is ${at(time)}.`,
  TooManyParents: ([count, max]) => `${count} parents are named; a model has at most ${max}.`,
  UnitsBelowCount: ([units, count]) => `${count} receipts have one unit each at least, and the report names ${units}.`,
  UrlLength: ([length, max]) => `The URL has ${length} bytes; it needs between 1 and ${max}.`,
  VersionUnknown: ([id, version, count]) => `Model ${id} has ${count} versions; there is no version ${version}.`,
  VoteInvalid: ([vote, hits]) =>
    `A juror accepts with at least one hit, or rejects; this was vote ${vote} with ${hits} hits.`,
  VotesExpiredSignature: ([expiry]) => `The delegation ran out at ${at(expiry)}: sign it again.`,
  WrongStage: ([id, stage, needed]) =>
    `Case ${id} is ${caseStages[stage] ?? stage}, and this needs it to be ${caseStages[needed] ?? needed}: reload the page.`,
  WrongState: ([id, state, needed]) =>
    `Copy ${id} is ${copyStates[state] ?? state}, and this needs it to be ${copyStates[needed] ?? needed}: reload the page.`,
}

/** The sentence for what a contract answered when it refused; null when this is no error of ours. */
export function sentenceOfRevert(data: Hex): string | null {
  try {
    const { errorName, args } = decodeErrorResult({ abi, data })
    const sentence = sentences[errorName as Name] as ((args: readonly unknown[]) => string) | undefined
    return sentence?.(args ?? []) ?? null
  } catch {
    return null
  }
}

const short = (address: Address) => `${address.slice(0, 6)}…${address.slice(-4)}`
/** Whole shares of a model; 18 decimals. */
const shares = (amount: bigint) => String(amount / 10n ** 18n)
const usdc = (amount: bigint) => `${formatUsdc(amount)} USDC`
const percent = (bps: bigint | number) => `${Number(bps) / 100} %`

/** A time of the chain, to the second. Times beyond what a date can be are shown as they are. */
function at(seconds: bigint | number): string {
  const date = new Date(Number(seconds) * 1000)
  return Number.isNaN(date.getTime()) ? `second ${seconds}` : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
