import { caseStages, copyStates, proposalStates } from '../../lib/chain/states'
import type { ContractErrors } from '../../lib/errors/contract'
import { shortAddress } from '../../lib/format/addresses'
import { formatUsdc } from '../../lib/format/amounts'
import { formatUtc } from '../../lib/format/moments'
import { formatBps } from '../../lib/format/numbers'
import type { Messages } from '../messages'

/** Reverts of the contracts. */
export const contract: Messages<ContractErrors> = {
  'contract.AccessControlBadConfirmation': () => 'A role can be given up by its holder only.',
  'contract.AccessControlUnauthorizedAccount': ({ account }) =>
    `${shortAddress(account)} does not govern the protocol: only its governors propose changes to the timelock.`,
  'contract.AccountInvalid': ({ account }) => `${shortAddress(account)} cannot be credited with money.`,
  'contract.AddressEmptyCode': ({ target }) => `There is no contract at ${shortAddress(target)}.`,
  'contract.AlreadyAnswered': ({ id }) => `Case ${id} has its answer: the accused answers once.`,
  'contract.AlreadyCommitted': ({ id, juror }) => `${shortAddress(juror)} has already voted in case ${id}.`,
  'contract.AmountMissing': () => 'There is nothing to reserve or to settle: enter an amount above zero.',
  'contract.AncestorKnown': ({ ancestor, model }) =>
    `Model ${ancestor} is a parent of model ${model} already, or earns from it.`,
  'contract.AnswerLate': ({ time, deadline }) =>
    `The answer was due until ${formatUtc(deadline)}; on the chain it is ${formatUtc(time)}.`,
  'contract.AnswerPending': ({ time, deadline }) =>
    `The accused may answer until ${formatUtc(deadline)}; on the chain it is ${formatUtc(time)}.`,
  'contract.BalanceTooLow': ({ account, balance, needed }) =>
    `${shortAddress(account)} has ${usdc(balance)} to reserve or withdraw, and this takes ${usdc(needed)}: deposit more first.`,
  'contract.BeneficiaryInvalid': ({ beneficiary: account }) =>
    `${shortAddress(account)} could never be paid what the model earns: name another beneficiary.`,
  'contract.BlockPending': ({ blockNumber, needed }) =>
    `The draw waits for block ${needed}; the chain is at block ${blockNumber}: try again in a moment.`,
  'contract.BondLocked': ({ time, until, openCases }) =>
    openCases > 0
      ? `The bond is frozen until the ${openCases === 1 ? 'case' : `${openCases} cases`} about it are closed.`
      : `The bond is locked until ${formatUtc(until)}; on the chain it is ${formatUtc(time)}.`,
  'contract.BondReleased': ({ id, version, until }) =>
    until === 0n
      ? `Model ${id} has no version ${version}.`
      : `The bond of version ${version} of model ${id} was released on ${formatUtc(until)}: no case about it opens any more.`,
  'contract.BondReserved': ({ reserved }) =>
    `Open orders hold ${usdc(reserved)} of the bond: it can leave when they are accepted or refunded.`,
  'contract.BondThawing': ({ time, notBefore }) =>
    `The bond can leave from ${formatUtc(notBefore)} on; on the chain it is ${formatUtc(time)}.`,
  'contract.BondTooLow': ({ bond, needed }) =>
    `The minter’s bond is ${usdc(bond)}, and ${usdc(needed)} are needed: choose another minter, or wait for its open orders.`,
  'contract.BountyWaits': ({ id, time, payableAt }) =>
    payableAt === 0n
      ? `There is no bounty for copy ${id} to be paid.`
      : `The bounty for copy ${id} waits for earlier commitments until ${formatUtc(payableAt)}; on the chain it is ${formatUtc(time)}.`,
  'contract.BuyerSeedMissing': () => 'The order lacks the hash of the buyer’s seed: start the purchase again.',
  'contract.CallForbidden': ({ target, selector, value }) =>
    `A vote cannot call ${selector} at ${shortAddress(target)} with ${value} wei: it can set terms, add a version, retire the model, or name its beneficiary and guardian.`,
  'contract.CaseTooEarly': ({ time, notBefore }) =>
    `The case allows this from ${formatUtc(notBefore)} on; on the chain it is ${formatUtc(time)}.`,
  'contract.CaseTooLate': ({ time, until }) =>
    `The case allowed this until ${formatUtc(until)}; on the chain it is ${formatUtc(time)}.`,
  'contract.ChallengeNotOpen': () => 'There is no such challenge open: it was decided, or never made.',
  'contract.ChallengedBefore': () => 'This receipt was challenged as missing before.',
  'contract.CheckpointUnorderedInsertion': () => 'The chain’s clock went backwards: try again in a moment.',
  'contract.CloneArgumentsTooLong': () => 'The metadata URI is too long to be kept.',
  'contract.CodewordInvalid': ({ id }) =>
    `These are not the fingerprints of copy ${id}: check the roots of the key pool and of the responses.`,
  'contract.CodewordSpent': ({ id }) =>
    `Cases have opened every part of the codeword of copy ${id}: nothing is left to test until it is minted again.`,
  'contract.CollateralBelowFloor': ({ collateral, floor }) =>
    `The collateral is ${usdc(collateral)}; an ancestor’s terms require ${usdc(floor)} at least.`,
  'contract.CollateralTooLow': ({ collateral, needed }) =>
    `The collateral is ${usdc(collateral)}, and reports and owed fees need ${usdc(needed)} of it: add more first.`,
  'contract.CommitmentMismatch': () =>
    'What you reveal is not the vote that you committed to: check the vote and its salt.',
  'contract.CommitmentMissing': () => 'An empty commitment counts as none.',
  'contract.CommitmentTaken': () => 'This commitment was made before, or is empty: use another salt.',
  'contract.CommitmentUnknown': ({ challenger }) =>
    `${shortAddress(challenger)} has not committed to this evidence: commit first, and reveal it with the same salt.`,
  'contract.CopyEnded': ({ id, epoch, lastEpoch: last }) =>
    `Copy ${id} was closed or lost its collateral in epoch ${last}: nothing of epoch ${epoch} counts.`,
  'contract.CopyNotActive': ({ id }) => `Copy ${id} is not active, so it cannot be served.`,
  'contract.CopyNotHeld': ({ copyId: copy, parent, creator }) =>
    copy === 0n
      ? `Model ${parent} is not free to derive: ${shortAddress(creator)} needs an active copy of it first.`
      : `Copy ${copy} is not an active copy of model ${parent} held by ${shortAddress(creator)}, which deriving from it needs.`,
  'contract.CopyUnknown': ({ copyId: id }) => `There is no copy ${id} on this chain.`,
  'contract.CourtsAlreadySet': () => 'The courts were named before, and stay as they are.',
  'contract.CoverageEmpty': () => 'A coverage report needs the root of its receipts and their number.',
  'contract.CoverageEpoch': ({ epoch, first, last }) =>
    `Epoch ${epoch} cannot be reported: you can report epochs ${first} to ${last} now, each once.`,
  'contract.CoverageLapsed': ({ prover, until }) =>
    `${shortAddress(prover)} has no coverage report to show: it was shown, or its time ended with block ${until}.`,
  'contract.CreationFailed': () => 'The contract refused to be created.',
  'contract.DecimalsUnsupported': ({ token, decimals, needed }) =>
    `The token ${shortAddress(token)} has ${decimals} decimals; Kinmark counts with ${needed}: choose another token.`,
  'contract.DeliveryIncomplete': () =>
    'A delivery needs both roots, and hash, key and address of the sealed files; the address has at most 256 bytes.',
  'contract.DeploymentUnknown': ({ id, number }) => `Copy ${id} has no open deployment ${number}.`,
  'contract.DisputeOpen': ({ id, openDisputes: open }) =>
    `${open} ${open === 1 ? 'dispute' : 'disputes'} about copy ${id} must be decided before its collateral can leave.`,
  'contract.ECDSAInvalidSignature': () => 'The signature is not valid: sign again.',
  'contract.ECDSAInvalidSignatureLength': ({ length }) =>
    `The signature has ${length} bytes where 65 are needed: sign again.`,
  'contract.ECDSAInvalidSignatureS': () => 'The signature is not in its canonical form: sign with another wallet.',
  'contract.ERC20ExceededSafeSupply': ({ increasedSupply: supply, cap }) =>
    `The supply would be ${supply}, above the cap of ${cap}.`,
  'contract.ERC20InsufficientAllowance': ({ allowance, needed }) =>
    `You have allowed ${usdc(allowance)} to be taken, and this takes ${usdc(needed)}: sign the permit again.`,
  'contract.ERC20InsufficientBalance': ({ sender, balance, needed }) =>
    `${shortAddress(sender)} has ${usdc(balance)}, and this takes ${usdc(needed)}.`,
  'contract.ERC20InvalidApprover': ({ approver }) => `${shortAddress(approver)} cannot allow anything to be taken.`,
  'contract.ERC20InvalidReceiver': ({ receiver }) => `${shortAddress(receiver)} cannot receive this.`,
  'contract.ERC20InvalidSender': ({ sender }) => `${shortAddress(sender)} cannot send this.`,
  'contract.ERC20InvalidSpender': ({ spender }) => `${shortAddress(spender)} cannot be allowed to take anything.`,
  'contract.ERC2612ExpiredSignature': ({ deadline }) => `The permit ran out at ${formatUtc(deadline)}: sign it again.`,
  'contract.ERC2612InvalidSigner': ({ signer, owner }) =>
    `The permit was signed by ${shortAddress(signer)} where ${shortAddress(owner)} was needed: sign with the connected account.`,
  'contract.ERC3009InvalidAuthorizationTime': ({ validAfter, validBefore }) =>
    `The authorization counts after ${formatUtc(validAfter)} and before ${formatUtc(validBefore)}: sign a new one.`,
  'contract.ERC3009InvalidSignature': () => 'The authorization is not signed by its owner: sign it again.',
  'contract.ERC3009UsedAuthorization': ({ authorizer }) =>
    `This authorization of ${shortAddress(authorizer)} was used or cancelled before: sign a new one.`,
  'contract.ERC5805FutureLookup': ({ timepoint, clock }) =>
    `Votes at ${formatUtc(timepoint)} are not known yet: it is ${formatUtc(clock)} on the chain.`,
  'contract.ERC6372InconsistentClock': () => 'The shares’ clock and the governor’s clock disagree: tell the operator.',
  'contract.ERC721IncorrectOwner': ({ sender, tokenId: id, owner }) =>
    `Model ${id} belongs to ${shortAddress(owner)}, not to ${shortAddress(sender)}.`,
  'contract.ERC721InsufficientApproval': ({ operator, tokenId: id }) =>
    `${shortAddress(operator)} may not transfer model ${id}.`,
  'contract.ERC721InvalidApprover': ({ approver }) =>
    `${shortAddress(approver)} may not approve others for this model.`,
  'contract.ERC721InvalidOperator': ({ operator }) => `${shortAddress(operator)} cannot be an operator.`,
  'contract.ERC721InvalidOwner': ({ owner }) => `${shortAddress(owner)} cannot own models.`,
  'contract.ERC721InvalidReceiver': ({ receiver }) => `${shortAddress(receiver)} cannot receive a model.`,
  'contract.ERC721InvalidSender': ({ sender }) => `${shortAddress(sender)} cannot send this model.`,
  'contract.ERC721NonexistentToken': ({ tokenId: id }) => `There is no model ${id}.`,
  'contract.EighthNotDrawn': ({ id, eighth }) =>
    `No panel has drawn part ${eighth} of the codeword of copy ${id}: open the part that the case names.`,
  'contract.ElectorateTooSmall': ({ eligible, needed }) =>
    `${eligible} provers could be drawn, and a case needs ${needed}: stakes must be a week old.`,
  'contract.EpochLengthOutOfBounds': ({ length, min, max }) =>
    `Epochs of ${length} seconds are not between ${min} and ${max} seconds long.`,
  'contract.EpochOpen': ({ epoch, time, deadline }) =>
    `Epoch ${epoch} may still be reported until ${formatUtc(deadline)}; on the chain it is ${formatUtc(time)}.`,
  'contract.EpochRunning': ({ epoch, current }) => `Epoch ${epoch} is not over: this is epoch ${current}.`,
  'contract.EscrowThawing': ({ time, notBefore }) =>
    `The prepaid fees can leave from ${formatUtc(notBefore)} on; on the chain it is ${formatUtc(time)}.`,
  'contract.EscrowTooLow': ({ escrow, needed }) =>
    `The prepaid fees are ${usdc(escrow)}, and this takes ${usdc(needed)}.`,
  'contract.Excluded': ({ account }) =>
    `${shortAddress(account)} is a party: the accused, the model’s creator and controller, and the copy’s minter cannot open or join a case.`,
  'contract.FailedCall': () => 'A call within the transaction failed without saying why.',
  'contract.FailedDeployment': () => 'The model’s shares could not be deployed: give the transaction more gas.',
  'contract.FaucetAboveCap': ({ amount, cap }) =>
    `The faucet gives at most ${usdc(cap)} at a time; ${usdc(amount)} were asked for.`,
  'contract.FeeBelowFloor': ({ fee, floor }) =>
    `The fee per million tokens is ${usdc(fee)}; an ancestor’s terms require ${usdc(floor)} at least.`,
  'contract.FloorAboveWhole': ({ floorBps: floor, wholeBps: whole }) =>
    `Descendants would have to ask ${formatBps(floor)} of these terms; the maximum is ${formatBps(whole)}.`,
  'contract.GovernorAlreadyCastVote': ({ voter }) => `${shortAddress(voter)} has already voted on this proposal.`,
  'contract.GovernorAlreadyQueuedProposal': () => 'The proposal is queued already.',
  'contract.GovernorDisabledDeposit': () => 'The governor takes no ETH: it could never leave.',
  'contract.GovernorInsufficientProposerVotes': ({ proposer, votes, threshold }) =>
    `${shortAddress(proposer)} has ${shares(votes)} shares to vote with, and a proposal takes ${shares(threshold)}.`,
  'contract.GovernorInvalidProposalLength': ({ targets, calldatas }) =>
    `The proposal names ${targets} contracts and ${calldatas} calls: it needs as many of both, and at least one.`,
  'contract.GovernorInvalidSignature': ({ voter }) =>
    `The vote was not signed by ${shortAddress(voter)}: sign it again.`,
  'contract.GovernorInvalidVoteParams': () => 'The vote has parameters that this governor does not count.',
  'contract.GovernorInvalidVoteType': () => 'A vote is against, for or abstain.',
  'contract.GovernorInvalidVotingPeriod': ({ votingPeriod: period }) =>
    `A voting period of ${period} seconds is too short.`,
  'contract.GovernorNonexistentProposal': () =>
    'There is no such proposal: its calls or its description differ from what was proposed.',
  'contract.GovernorOnlyExecutor': ({ account }) =>
    `Only a vote of the holders can do this; ${shortAddress(account)} cannot.`,
  'contract.GovernorPreventLateQuorumVoteExtensionTooLarge': ({ newVoteExtension: extension, maxVoteExtension: max }) =>
    `An extension of ${extension} seconds is above ${max}.`,
  'contract.GovernorProposalQueueingFailed': () => 'The proposal could not be queued.',
  'contract.GovernorProposalQueueingNotRequired': () => 'The proposal needs no queue: execute it.',
  'contract.GovernorRestrictedProposer': ({ proposer }) =>
    `The description reserves this proposal for somebody other than ${shortAddress(proposer)}.`,
  'contract.GovernorUnableToCancel': ({ account }) => `${shortAddress(account)} cannot cancel this proposal.`,
  'contract.GovernorUnexpectedProposalState': ({ current: state }) =>
    `The proposal is ${proposalStates[state] ?? state}, which does not allow this: reload the page.`,
  'contract.GuardianNotAlone': () => 'A proposal that replaces the guardian makes no other call: propose it alone.',
  'contract.HolderInvalid': ({ account }) => `${shortAddress(account)} could never be paid, so it cannot hold shares.`,
  'contract.IndexReported': ({ index, count }) =>
    `Receipt ${index} is within the ${count} reported: challenge it as missing.`,
  'contract.IndexUnreported': ({ index, count }) =>
    `Receipt ${index} is beyond the ${count} reported: challenge it as unreported.`,
  'contract.InsufficientBalance': ({ balance, needed }) =>
    `The contract holds ${balance} wei, and ${needed} are needed.`,
  'contract.InvalidAccountNonce': ({ account, currentNonce: nonce }) =>
    `${shortAddress(account)} has signed something else meanwhile (its next number is ${nonce}): sign again.`,
  'contract.InvalidInitialization': () => 'These shares already have their model.',
  'contract.InvalidShortString': () => 'A text in the token’s name is malformed.',
  'contract.JoinedBefore': ({ id, account }) => `${shortAddress(account)} has joined case ${id} before.`,
  'contract.KeyExpired': ({ time, expiresAt }) =>
    `The key would run out at ${formatUtc(expiresAt)}; on the chain it is ${formatUtc(time)}: choose a later time.`,
  'contract.KeyInvalid': ({ id, index }) =>
    `Key ${index} does not stand in the fingerprints of copy ${id}: open the keys in their order.`,
  'contract.KeyMissing': () => 'The session key is missing: make a new one.',
  'contract.KeyNarrowed': ({ key, expiresAt, maxAmount: max }) =>
    `The key ${shortAddress(key)} may promise ${usdc(max)} until ${formatUtc(expiresAt)}, and neither can be taken back: name it for as much and as long, or name another.`,
  'contract.KeyPoolCommitted': ({ id, version }) =>
    `The key pool of version ${version} of model ${id} is on the chain, and never changes.`,
  'contract.KeyPoolMissing': ({ id, version }) =>
    `Version ${version} of model ${id} has no key pool on the chain yet: wait until its minter has made it.`,
  'contract.KeyPoolNotEarlier': ({ ancestor, version, since, publishedAt }) =>
    since === 0n
      ? `Version ${version} of model ${ancestor} has no key pool, so nothing can show that a model descends from it.`
      : `The keys of model ${ancestor} were fixed on ${formatUtc(since)}, and the accused version was published on ${formatUtc(publishedAt)}: only older keys count.`,
  'contract.KeyPoolRootMissing': () => 'A key pool needs a root.',
  'contract.LeakBondAboveWhole': ({ leakBps: leak, wholeBps: whole }) =>
    `The leak bond would be ${formatBps(leak)} of the collateral; the maximum is ${formatBps(whole)}.`,
  'contract.LeakBondBelowFloor': ({ leakBps: leak, floorBps: floor }) =>
    `The leak bond is ${formatBps(leak)} of the collateral; an ancestor’s terms require ${formatBps(floor)} at least.`,
  'contract.LicenceTooWide': () => 'The licence allows what a parent’s licence does not allow: remove that permission.',
  'contract.LicenceUnknown': ({ licence, knownBits: known }) =>
    `The licence has the bits ${licence.toString(2)}, of which only ${known.toString(2)} have a meaning.`,
  'contract.MajorityMissing': ({ account, votes }) =>
    `${shortAddress(account)} has ${shares(votes)} votes, and a majority is more than 500000 of the 1000000.`,
  'contract.ManifestRootMissing': () => 'The version lacks the root of its files: upload them again.',
  'contract.MetadataUriLength': ({ length, maxLength: max }) =>
    `The metadata URI has ${length} bytes; it must have between 1 and ${max}.`,
  'contract.MinterBarred': ({ minter }) =>
    `The protocol lets ${shortAddress(minter)} take no more orders: ask for a quote by another minter.`,
  'contract.MinterNotListed': ({ minter }) =>
    `${shortAddress(minter)} takes no orders: ask for a quote by another minter.`,
  'contract.MinterNotNamed': ({ id, minter }) =>
    `The owner of model ${id} has not named ${shortAddress(minter)} as its minter: ask for a quote by another.`,
  'contract.ModelRetired': ({ id }) => `Model ${id} is retired: it is not sold, changed or derived from any more.`,
  'contract.ModelUnknown': ({ id }) => `There is no model ${id} on this chain.`,
  'contract.NoDisputeOpen': ({ id }) => `No dispute about copy ${id} is open.`,
  'contract.NotAccused': ({ caller, accused }) =>
    `Only the accused, ${shortAddress(accused)}, may answer; you are ${shortAddress(caller)}.`,
  'contract.NotAncestor': ({ ancestor, model }) => `Model ${ancestor} earns nothing from model ${model}.`,
  'contract.NotBuyer': ({ caller, buyer }) =>
    `Only the buyer ${shortAddress(buyer)} may do this now, and ${shortAddress(caller)} is connected: switch the account.`,
  'contract.NotController': ({ caller, controller }) =>
    `${shortAddress(controller)} decides for this model, and ${shortAddress(caller)} is connected: a majority of its shares decides, a day after it was announced.`,
  'contract.NotCopyRegistry': ({ caller, copyRegistry: registry }) =>
    `Only the copy registry ${shortAddress(registry)} may do this, not ${shortAddress(caller)}.`,
  'contract.NotCouncil': ({ caller }) =>
    `${shortAddress(caller)} is not the council, or the guarded launch has ended: only the council annuls, until then.`,
  'contract.NotCourt': ({ caller }) => `${shortAddress(caller)} is not a court.`,
  'contract.NotDeployer': ({ caller, deployer }) =>
    `Only ${shortAddress(deployer)}, who deployed the contract, may do this, not ${shortAddress(caller)}.`,
  'contract.NotDerivable': ({ parent }) => `The licence of model ${parent} does not allow children.`,
  'contract.NotEarlier': ({ ancestor, child }) =>
    `Model ${ancestor} was registered after model ${child}, so it is not its ancestor.`,
  'contract.NotGuardian': ({ caller, guardian }) =>
    `Only the guardian ${shortAddress(guardian)} may do this, not ${shortAddress(caller)}.`,
  'contract.NotHost': ({ caller, host }) =>
    `Only the copy’s buyer, ${shortAddress(host)}, may do this; you are ${shortAddress(caller)}.`,
  'contract.NotInitializing': () => 'These shares are not being set up.',
  'contract.NotJoinable': ({ id, maxCount: max }) =>
    `Case ${id} cannot be joined: only cases about leaks can, before their panel is drawn, by ${max} openers in all.`,
  'contract.NotKeyPoolMaker': ({ caller, id }) =>
    `Only the owner of model ${id} and its minters may fix its key pool, not ${shortAddress(caller)}.`,
  'contract.NotLeaving': ({ account }) => `${shortAddress(account)} has not resigned: resign first.`,
  'contract.NotListed': ({ prover }) => `${shortAddress(prover)} is not a listed prover: stake first.`,
  'contract.NotLoser': ({ caller }) =>
    `The ruling did not go against ${shortAddress(caller)}: only who lost may appeal.`,
  'contract.NotMajority': ({ caller, controller }) =>
    `${shortAddress(controller)} decides for this model: only a holder of the majority names a guardian, not ${shortAddress(caller)}.`,
  'contract.NotMinter': ({ caller, minter }) =>
    `Only the copy’s minter ${shortAddress(minter)} may do this, not ${shortAddress(caller)}.`,
  'contract.NotMinterRegistry': ({ caller }) => `Only the minter registry can do this; ${shortAddress(caller)} cannot.`,
  'contract.NotOnPanel': ({ id, caller }) => `${shortAddress(caller)} does not have this seat in case ${id}.`,
  'contract.NotOrigins': ({ caller, origins }) =>
    `Only the contract for origins, ${shortAddress(origins)}, may do this, and not ${shortAddress(caller)}.`,
  'contract.NotOwner': ({ caller, owner }) =>
    `Only ${shortAddress(owner)} may do this; you are ${shortAddress(caller)}.`,
  'contract.NotParent': ({ parent, child }) =>
    `Model ${parent} is no parent of model ${child}, and was not entered: name a path from parent to child.`,
  'contract.NotPaused': () => 'The protocol is not paused.',
  'contract.NotQuoted': ({ caller, buyer }) =>
    `The quote is for ${shortAddress(buyer)}, and ${shortAddress(caller)} is connected: switch the account, or ask for a new quote.`,
  'contract.NotRefuser': ({ caller, buyer }) =>
    `Only ${shortAddress(buyer)}, who refused the delivery, opens this case, not ${shortAddress(caller)}.`,
  'contract.NotRegistry': ({ caller, registry }) =>
    `Only the model registry, ${shortAddress(registry)}, may do this, and not ${shortAddress(caller)}.`,
  'contract.NotReporter': ({ id, account, epoch }) =>
    `${shortAddress(account)} is neither the host of copy ${id} nor its operator in epoch ${epoch}.`,
  'contract.NotShares': ({ caller, shares }) =>
    `Only the model’s shares ${shortAddress(shares)} may do this, not ${shortAddress(caller)}.`,
  'contract.NotUserLedger': ({ caller, userLedger: ledger }) =>
    `Only the user ledger ${shortAddress(ledger)} may do this, not ${shortAddress(caller)}.`,
  'contract.NothingAtStake': ({ id, state }) =>
    `Copy ${id} is ${copyStates[state] ?? state}: nothing of it is at stake that could be disputed.`,
  'contract.NothingOverdue': ({ id }) => `Copy ${id} owes no fees that are overdue.`,
  'contract.NothingReleased': ({ id, leakBond }) =>
    `No more of the collateral of copy ${id} has been released: ${usdc(leakBond)} are left behind it.`,
  'contract.OffencePunished': () => 'This offence was punished before: it pays once.',
  'contract.OffenceTaken': ({ by }) =>
    `Case ${by} is about the same copy and target: it is open, or was decided and paid.`,
  'contract.OperatorCapDiffers': ({ operator, cap, given }) =>
    `The key ${shortAddress(operator)} may sign for ${cap} tokens per epoch, for good; ${given} were named: use another key.`,
  'contract.OperatorCapMissing': () => 'The operator key needs a limit of tokens per epoch above zero.',
  'contract.OperatorMissing': () => 'A deployment needs an operator key.',
  'contract.OperatorRevoked': ({ operator, until }) =>
    `The key ${shortAddress(operator)} was revoked; epoch ${until} is its last, for good: use another.`,
  'contract.OperatorUnknown': ({ id, operator, epoch }) =>
    `${shortAddress(operator)} may not sign for copy ${id} in epoch ${epoch}.`,
  'contract.OwnableInvalidOwner': ({ owner }) => `${shortAddress(owner)} cannot own the contract.`,
  'contract.OwnableUnauthorizedAccount': ({ account }) => `${shortAddress(account)} does not own the contract.`,
  'contract.ParameterOutOfBounds': ({ parameter, value, min, max }) =>
    `Parameter ${parameter} would be ${value}; it must be between ${min} and ${max}.`,
  'contract.ParentTwice': ({ parent }) => `Model ${parent} is named as a parent twice.`,
  'contract.PathTooShort': () => 'A path names two models at least, from parent to child.',
  'contract.PauseTooEarly': ({ time, notBefore }) =>
    `The protocol can be paused again from ${formatUtc(notBefore)} on; on the chain it is ${formatUtc(time)}.`,
  'contract.PermitUnsupported': ({ token }) =>
    `The token ${shortAddress(token)} takes no permits (EIP-2612), by which people pay: choose another token.`,
  'contract.PlacesTaken': ({ model, places }) =>
    `All ${places} places for entered ancestors of model ${model} are taken: name the one whose place this ancestor should take.`,
  'contract.PooledKeyInvalid': ({ id, index }) =>
    `Key ${index} does not stand at this place in the key pool of model ${id}.`,
  'contract.PriceBelowFloor': ({ price, floor }) =>
    `The price is ${usdc(price)}; an ancestor’s terms require ${usdc(floor)} at least.`,
  'contract.ProofInvalid': ({ index, count }) =>
    `The proof does not show this receipt, with its tokens, at index ${index} of ${count}.`,
  'contract.ProtocolPaused': ({ until }) =>
    `New business is paused until ${formatUtc(until)} at the latest; all ways out are open.`,
  'contract.ProverLeaving': ({ prover, exitAt }) =>
    `${shortAddress(prover)} is leaving: its stake can be withdrawn from ${formatUtc(exitAt)} on.`,
  'contract.ProverNotAdmitted': ({ prover }) =>
    `During the guarded launch the protocol’s governance admits provers, and has not admitted ${shortAddress(prover)}.`,
  'contract.PublishedBefore': ({ model, registeredAt, since }) =>
    `Model ${model} was registered on ${formatUtc(registeredAt)}, before the version that hid its parent (${formatUtc(since)}): it owes nothing.`,
  'contract.QuoteExpired': ({ time, expiresAt }) =>
    `The quote ran out at ${formatUtc(expiresAt)}; on the chain it is ${formatUtc(time)}: ask for a new one.`,
  'contract.QuoteInvalid': ({ minter }) => `The quote was not signed by ${shortAddress(minter)}: ask for a new one.`,
  'contract.QuoteUsed': ({ id }) => `The quote has served: copy ${id} was ordered with it. Ask for a new one.`,
  'contract.ReceiptTooOld': ({ epoch, time, deadline }) =>
    `Receipts of epoch ${epoch} counted until ${formatUtc(deadline)}; on the chain it is ${formatUtc(time)}.`,
  'contract.ReceiptsUnrelated': () =>
    'The receipts are of different copies, epochs or indexes: they contradict each other in nothing.',
  'contract.RecordNotTransferable': ({ id }) =>
    `The token of model ${id} says who made it and cannot be transferred: sell shares instead.`,
  'contract.RedeliveredBefore': ({ id }) =>
    `Copy ${id} was delivered again before: give the money back, or stand by the delivery.`,
  'contract.RefusalIncomplete': ({ length }) =>
    `A refusal needs a reason, and evidence of at most 256 bytes; this has ${length}.`,
  'contract.RefusalNotOpen': ({ id, state, time, deadline }) =>
    `No case about the refusal of copy ${id} can be opened: it is ${copyStates[state] ?? state}, the deadline is ${formatUtc(deadline)}, and on the chain it is ${formatUtc(time)}.`,
  'contract.ReleaseNotRequested': ({ id, user }) =>
    `${shortAddress(user)} has not asked for its reservation for copy ${id}: ask for it first.`,
  'contract.ReportEmpty': () => 'A report needs receipts and their root: who served nothing files nothing.',
  'contract.ReportLate': ({ time, deadline }) =>
    `The report was due until ${formatUtc(deadline)}; on the chain it is ${formatUtc(time)}.`,
  'contract.ReportUnknown': ({ id, epoch }) => `This is not the report that copy ${id} filed for epoch ${epoch}.`,
  'contract.ReportedBefore': ({ id, epoch }) => `Copy ${id} has reported epoch ${epoch} already.`,
  'contract.RequestLapsed': ({ time, notAfter }) =>
    `The money could leave until ${formatUtc(notAfter)}, and on the chain it is ${formatUtc(time)}: ask for it again.`,
  'contract.ReservationThawing': ({ time, leavesAt }) =>
    `The reservation can leave from ${formatUtc(leavesAt)} on; on the chain it is ${formatUtc(time)}.`,
  'contract.RevealEarly': ({ blockNumber, notBefore }) =>
    `The evidence can be revealed from block ${notBefore} on; the chain is at block ${blockNumber}: try again in a moment.`,
  'contract.RevealLate': ({ time, until }) =>
    `The commitment expired at ${formatUtc(until)}; on the chain it is ${formatUtc(time)}: commit again.`,
  'contract.RevealPending': ({ time, until }) =>
    `The commitment can still be revealed until ${formatUtc(until)}; on the chain it is ${formatUtc(time)}.`,
  'contract.RoyaltiesAboveCap': ({ totalBps: total, capBps: cap }) =>
    `The royalties to all ancestors add up to ${formatBps(total)}; the maximum is ${formatBps(cap)}. Remove a parent.`,
  'contract.RoyaltyAboveCap': ({ royaltyBps: royalty, capBps: cap }) =>
    `The royalty asked of descendants is ${formatBps(royalty)}; the maximum is ${formatBps(cap)}.`,
  'contract.RulingFinal': ({ id }) => `The ruling in case ${id} is final.`,
  'contract.RulingMissing': () => 'A court has to rule.',
  'contract.SafeCastOverflowedUintDowncast': ({ bits, value }) => `${value} does not fit into ${bits} bits.`,
  'contract.SafeERC20FailedOperation': ({ token }) => `The token ${shortAddress(token)} refused to move the money.`,
  'contract.SameReceipt': () => 'Both receipts are the same.',
  'contract.ShownCount': ({ count, needed }) =>
    `${needed} receipts were drawn, and ${count} are shown: show each of them.`,
  'contract.ShownInvalid': ({ place, index }) =>
    `Receipt ${place} is not leaf ${index} of your coverage report, is of another epoch, or is shown twice.`,
  'contract.SignatureInvalid': ({ signer }) => `The signature is not by ${shortAddress(signer)}: sign again.`,
  'contract.StakeBelowMin': ({ stake, min }) =>
    `The stake would be ${usdc(stake)}; a prover needs ${usdc(min)} at least.`,
  'contract.StakeLocked': ({ prover, locked }) =>
    `Open cases hold ${usdc(locked)} of the stake of ${shortAddress(prover)}: wait for them to close.`,
  'contract.StakeThawing': ({ time, exitAt }) =>
    `The stake can leave from ${formatUtc(exitAt)} on; on the chain it is ${formatUtc(time)}.`,
  'contract.StringTooLong': ({ str: text }) => `“${text.slice(0, 40)}” is too long.`,
  'contract.SupplyChanged': ({ token, before, afterwards }) =>
    `Transfers changed the supply of the token ${shortAddress(token)} from ${formatUsdc(before)} to ${formatUsdc(afterwards)}: choose another token.`,
  'contract.TargetMissing': () =>
    'A case needs what was tested: the address of the endpoint, or the root of the files.',
  'contract.TermsChanged': () => 'The terms have changed since you read them: look at them again, then sign again.',
  'contract.TimelockInsufficientDelay': ({ delay, minDelay: min }) =>
    `A delay of ${delay} seconds is below the timelock’s ${min}.`,
  'contract.TimelockInvalidOperationLength': ({ targets, payloads }) =>
    `The change names ${targets} contracts and ${payloads} calls: it needs as many of both.`,
  'contract.TimelockRunning': ({ time, eta }) =>
    `What was decided can be executed from ${formatUtc(eta)} on; on the chain it is ${formatUtc(time)}.`,
  'contract.TimelockUnauthorizedCaller': ({ caller }) =>
    `Only the timelock itself can do this; ${shortAddress(caller)} cannot.`,
  'contract.TimelockUnexecutedPredecessor': () => 'Another change has to be executed first.',
  'contract.TimelockUnexpectedOperationState': () => 'The change is not ready to be executed, or was executed already.',
  'contract.TokenMissing': ({ token }) => `There is no token at ${token} on this chain: check the address.`,
  'contract.TokenRebases': ({ token, selector }) =>
    `The token ${shortAddress(token)} answers ${selector}, so its balances are parts of something else and change without a transfer: choose another token.`,
  'contract.TooEarly': ({ time, notBefore }) =>
    `This can be done from ${formatUtc(notBefore)} on; on the chain it is ${formatUtc(time)}.`,
  'contract.TooLate': ({ time, deadline }) =>
    `This could be done until ${formatUtc(deadline)}; on the chain it is ${formatUtc(time)}.`,
  'contract.TooManyAncestors': ({ count, maxCount: max }) =>
    `${count} ancestors would earn from this model; the maximum is ${max}. Remove a parent.`,
  'contract.TooManyParents': ({ count, maxCount: max }) => `${count} parents are named; a model has at most ${max}.`,
  'contract.TransferInexact': ({ token, amount, taken, received }) =>
    `The token ${shortAddress(token)} takes ${formatUsdc(taken)} and delivers ${formatUsdc(received)} where ${formatUsdc(amount)} should move: choose another token.`,
  'contract.TrialUnfunded': ({ token, payer, balance, needed }) =>
    `The token is tried with ${formatUsdc(needed)} of it, which stay with ${shortAddress(payer)}; it has ${formatUsdc(balance)} of ${shortAddress(token)}.`,
  'contract.UnitsAboveCap': ({ operator, units, cap }) =>
    `The key ${shortAddress(operator)} may sign for ${cap} tokens per epoch, and this names ${units}. The host itself may report more.`,
  'contract.UnitsBelowCount': ({ units, count }) =>
    `${count} receipts have one token each at least, and the report names ${units}.`,
  'contract.UrlLength': ({ length, maxLength: max }) => `The URL has ${length} bytes; it needs between 1 and ${max}.`,
  'contract.VersionNotNext': ({ id, version, versionCount: count }) =>
    `A bond can be put up once, for version ${count + 1} of model ${id}, and not for version ${version}.`,
  'contract.VersionUnknown': ({ id, version, versionCount: count }) =>
    `Model ${id} has ${count} versions; there is no version ${version}.`,
  'contract.VoteInvalid': ({ finding, threshold }) =>
    `A vote to accept needs a finding of at least ${threshold}, and one to reject has none; this one has ${finding}.`,
  'contract.VotesExpiredSignature': ({ expiry }) => `The delegation ran out at ${formatUtc(expiry)}: sign it again.`,
  'contract.VoucherAboveLimit': ({ key, cumulativeAmount: amount, maxAmount: max }) =>
    `The voucher promises ${usdc(amount)}, and the session key ${shortAddress(key)} may promise ${usdc(max)}: ask the user to raise it.`,
  'contract.VoucherInvalid': ({ id, user, signer }) =>
    `The voucher for copy ${id} was signed by ${shortAddress(signer)}, which is neither ${shortAddress(user)} nor a session key that it named: ask for a new one.`,
  'contract.WrongStage': ({ id, stage, needed }) =>
    `Case ${id} is ${caseStages[stage] ?? stage}, and this needs it to be ${caseStages[needed] ?? needed}: reload the page.`,
  'contract.WrongState': ({ id, state, needed }) =>
    `Copy ${id} is ${copyStates[state] ?? state}, and this needs it to be ${copyStates[needed] ?? needed}: reload the page.`,
}

/** Whole shares of a model; 18 decimals. */
const shares = (amount: bigint) => String(amount / 10n ** 18n)
const usdc = (amount: bigint) => `${formatUsdc(amount)} USDC`
