// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Receipt, Report } from "../lib/Receipts.sol";
import { SumNode } from "../lib/SumTree.sol";
import { CopyId } from "../lib/Types.sol";

/// @notice `Open → Answered` or `Open → Convicted`.
enum ChallengeState {
    None,
    Open,
    Answered,
    Convicted
}

/// @notice A commitment to evidence that is still secret.
/// @param committedAt Time of the commitment, in protocol time; 0 if there is none.
/// @param blockNumber Block of the commitment.
struct Commitment {
    uint40 committedAt;
    uint48 blockNumber;
}

/// @notice A challenge that the accused may answer.
/// @param committedAt Time of the challenger's commitment, in protocol time.
/// @param openedAt Opening time, in protocol time.
struct Challenge {
    address challenger;
    uint40 committedAt;
    uint40 openedAt;
    ChallengeState state;
}

/// @notice The bounty for a copy's conviction, until it is paid.
/// @param to Account that committed first, of those that have proven an offence of the copy.
/// @param committedAt Time of its commitment, in protocol time.
/// @param payableAt First second at which it is paid, in protocol time.
struct Bounty {
    address to;
    uint40 committedAt;
    uint40 payableAt;
    uint96 amount;
}

/// @title Challenges: offences that the contract can verify itself, from signatures and Merkle proofs.
/// @notice There are three challenges. *Unreported* and *two faces* convict at once, from receipts alone. *Missing*
/// convicts unless it is answered in time. An offence is identified by copy, epoch and index, so each offence is
/// punished once. A conviction takes all of the remaining collateral.
///
/// A challenger commits to its evidence first, with a bond, and reveals it two blocks to one hour later. A commitment
/// that is not revealed in time has lost its bond. A conviction stands at the first valid reveal. Its bounty waits an hour,
/// until all earlier commitments have expired, and goes to the earliest that proved an offence of the copy. So nobody
/// takes a reporter's place by reading its evidence. An offender that wants to be its own reporter must keep a commitment
/// standing at all times, which costs a bond an hour, and loses more than the bounty.
///
/// The answer window is a parameter of the protocol. Each further challenge of the same copy extends it to one window
/// after the latest challenge, and to at most twice its length, so that nobody can be flooded in the last minute.
interface IChallengeCourt {
    /// @notice The commitment must not be zero, and must be new.
    error CommitmentTaken(bytes32 commitment);

    /// @notice The caller has not committed to this evidence.
    error CommitmentUnknown(address challenger, bytes32 commitment);

    /// @notice The evidence can be revealed from block `notBefore` on.
    error RevealEarly(uint256 blockNumber, uint256 notBefore);

    /// @notice The commitment has expired. Times are seconds of protocol time.
    error RevealLate(uint64 time, uint64 until);

    /// @notice The commitment can still be revealed. Times are seconds of protocol time.
    error RevealPending(uint64 time, uint64 until);

    /// @notice There is no such bounty, or earlier commitments have not expired. Times are seconds of protocol time.
    error BountyWaits(CopyId id, uint64 time, uint64 payableAt);

    /// @notice The epoch may still be reported.
    error EpochOpen(uint64 epoch, uint64 time, uint64 deadline);

    /// @notice The report is not the one filed for the epoch.
    error ReportUnknown(CopyId id, uint64 epoch);

    /// @notice The report covers this index. The receipt may be missing, but is not unreported.
    error IndexReported(uint64 index, uint64 count);

    /// @notice The report does not cover this index. The receipt is unreported, not missing.
    error IndexUnreported(uint64 index, uint64 count);

    /// @notice The two receipts are the same.
    error SameReceipt(bytes32 receiptHash);

    /// @notice The receipts belong to different copies, epochs or indexes.
    error ReceiptsUnrelated();

    /// @notice This receipt was already challenged as missing.
    error ChallengedBefore(bytes32 receiptHash, ChallengeState state);

    /// @notice The challenge does not exist or is not open.
    error ChallengeNotOpen(bytes32 receiptHash, ChallengeState state);

    /// @notice The answer window is over.
    error AnswerLate(uint64 time, uint64 deadline);

    /// @notice The accused may still answer.
    error AnswerPending(uint64 time, uint64 deadline);

    /// @notice The proof does not show this leaf at this index, with its units.
    error ProofInvalid(uint64 index, uint64 count);

    /// @notice A challenger committed to evidence. Its bond burns unless it is revealed by `until`.
    event Committed(address indexed challenger, bytes32 indexed commitment, uint256 bond, uint64 until);

    /// @notice A commitment was not revealed in time, and its bond was burned.
    event Expired(address indexed challenger, bytes32 indexed commitment, uint256 bond);

    /// @notice A challenge was opened and can be answered.
    event Challenged(
        bytes32 indexed receiptHash,
        CopyId indexed copyId,
        address indexed challenger,
        uint64 epoch,
        uint64 index,
        uint64 committedAt
    );

    /// @notice The challenge was answered. Its bond goes to the host.
    event Answered(bytes32 indexed receiptHash, CopyId indexed copyId);

    /// @notice The offence was proven, and `taken` was slashed; 0 if the offence was punished before.
    event Convicted(bytes32 indexed offence, CopyId indexed copyId, address indexed challenger, uint256 taken);

    /// @notice The bounty of a copy's conviction is for `to`, unless an earlier commitment proves true by `payableAt`.
    event BountyFor(CopyId indexed copyId, address indexed to, uint256 amount, uint64 committedAt, uint64 payableAt);

    /// @notice The bounty was paid.
    event BountyPaid(CopyId indexed copyId, address indexed to, uint256 amount);

    /// @notice Commits to evidence and pulls the bond. Reverts while the protocol is paused.
    /// @param commitment `commitmentOf` the caller, the evidence and a salt. It counts for the caller only.
    function commit(bytes32 commitment) external;

    /// @notice Burns the bond of a commitment that was not revealed in time. Anyone may call this.
    function expire(address challenger, bytes32 commitment) external;

    /// @notice *Unreported*: proves a receipt of a closed epoch at an index that its report does not cover. The evidence
    /// that was committed to is the receipt's hash. The bond returns.
    /// @param filed Report of the epoch; its count is 0 if none was filed.
    function unreported(Receipt calldata receipt, bytes calldata signature, Report calldata filed, bytes32 salt)
        external
        returns (uint256 taken);

    /// @notice *Two faces*: proves two different receipts with the same copy, epoch and index. The evidence that was
    /// committed to is keccak256 of both hashes. The bond returns.
    function twoFaces(
        Receipt calldata one,
        bytes calldata oneSignature,
        Receipt calldata other,
        bytes calldata otherSignature,
        bytes32 salt
    ) external returns (uint256 taken);

    /// @notice *Missing*: claims that the report does not contain this receipt at its index. The evidence that was
    /// committed to is the receipt's hash. The bond stays until the challenge is decided.
    function missing(Receipt calldata receipt, bytes calldata signature, Report calldata filed, bytes32 salt) external;

    /// @notice Proves that the receipt is at its index, with its units. The bond goes to the host. Anyone may call this.
    function answer(Report calldata filed, Receipt calldata receipt, SumNode[] calldata siblings) external;

    /// @notice Slashes after an unanswered challenge and returns the bond. Anyone may call this.
    function convict(Receipt calldata receipt) external returns (uint256 taken);

    /// @notice Pays the bounty of a copy's conviction to the earliest that proved an offence, an hour after the
    /// conviction. Anyone may call this.
    function payBounty(CopyId id) external returns (uint256 amount);

    /// @notice One commitment, or zeros if it does not exist or was revealed.
    function commitments(address challenger, bytes32 commitment) external view returns (Commitment memory);

    /// @notice One challenge, or all zeros if it does not exist.
    function challenges(bytes32 receiptHash) external view returns (Challenge memory);

    /// @notice The bounty for a copy's conviction, or all zeros if there is none to be paid.
    function bounties(CopyId id) external view returns (Bounty memory);

    /// @notice Last second to answer the challenge of a receipt of this copy, in protocol time. Later challenges of the
    /// copy can extend it.
    function answerDeadline(CopyId id, bytes32 receiptHash) external view returns (uint64);

    /// @notice Identifier of an offence that receipts prove.
    function offenceOf(CopyId id, uint64 epoch, uint64 index) external pure returns (bytes32);

    /// @notice Commitment of a challenger to its evidence. The salt keeps evidence secret that others could guess.
    function commitmentOf(address challenger, bytes32 evidence, bytes32 salt) external pure returns (bytes32);
}
